import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { segura2024 } from '../../src/intake/formats/segura-2024.ts';
import { bookColumns, type BookColumns } from '../../src/rehearsal/book-columns.ts';
import { journeyOf, listDay } from '../../src/rehearsal/journey.ts';
import { takeSample } from '../../src/rehearsal/sample.ts';
import { readSeason, type Season } from '../../src/rehearsal/season.ts';
import { writeSeasonFile } from '../../src/rehearsal/season-file.ts';
import { truthOf } from '../../src/rehearsal/truth.ts';
import { sharedData } from '../intake/real-lists.ts';
import { severalTerms, writeBook } from './a-season.ts';

const march = { from: '2018-03-01', to: '2018-03-31' };
const columns = bookColumns['segura-2024'] as BookColumns;
const read = (book: string): Promise<Season> => readSeason({ book, format: segura2024, columns, ...march });
const fatesOf = ({ terms }: Season): string[] => terms.map(({ policyNumber, fate }) => `${policyNumber} ${fate}`);

describe('A season read from a book', () => {
  test('takes a following term that was in force for the renewal', async () => {
    const book = writeBook([
      { id: '1', startsOn: '2017-03-10', expiresOn: '2018-03-10' },
      { id: '1', startsOn: '2018-03-10', expiresOn: '2019-03-10' },
      { id: '2', startsOn: '2017-03-11', expiresOn: '2018-03-11' },
      { id: '2', startsOn: '2018-03-11', expiresOn: '2019-03-11', lapsedOn: '2018-03-11' },
    ]);
    expect(fatesOf(await read(book))).toEqual(['1 renewed', '2 lost']);
  });

  test('leaves out terms that were never in force and tells cancelled and short ones apart', async () => {
    const book = writeBook([
      { id: '3', startsOn: '2017-03-10', expiresOn: '2018-03-10', lapsedOn: '2017-03-10' },
      { id: '4', startsOn: '2017-03-10', expiresOn: '2018-03-11', lapsedOn: '2018-03-10' },
      { id: '5', startsOn: '2017-12-01', expiresOn: '2018-03-12' },
      { id: '6', startsOn: '2017-03-01', expiresOn: '2018-04-01' },
    ]);
    expect(fatesOf(await read(book))).toEqual(['4 cancelled', '5 ineligible']);
  });

  test('counts what happened', async () => {
    const terms = [...severalTerms(3, { fate: 'renewed' }), ...severalTerms(1)];
    expect(truthOf(terms, listDay(march))).toMatchObject({
      due: 4,
      renewed: 3,
      lost: 1,
      notRenewable: 0,
      ratePercent: 75,
    });
  });

  test('is written without what lay in the future on the day of the list', async () => {
    const book = writeBook([
      { id: '7', startsOn: '2017-03-10', expiresOn: '2018-03-10', lapsedOn: '2017-12-01' },
      { id: '8', startsOn: '2017-03-10', expiresOn: '2018-03-10', lapsedOn: '2018-02-01' },
      { id: '9', startsOn: '2017-03-10', expiresOn: '2018-03-10', lapsedOn: '2018-03-10' },
    ]);
    const path = join(mkdtempSync(join(tmpdir(), 'xubao-season-')), 'season.csv');
    await writeSeasonFile(path, await read(book), { columns, listedOn: listDay(march) });
    const lapses = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(';').slice(4, 6).join(';'));
    expect(lapses).toEqual(['Lapse;Date_lapse', '1;01/12/2017', ';', ';']);
  });
});

describe('A sample of a season', () => {
  const listedOn = listDay(march);
  const terms = [...severalTerms(60, { fate: 'renewed' }), ...severalTerms(40, { startsOn: '2017-03-14' })];
  const season: Season = { ...march, headers: [], terms };

  test('has the size that was asked for, and is the same every time', () => {
    const sample = takeSample(season, 25, listedOn);
    expect(sample.terms).toHaveLength(25);
    expect(takeSample(season, 25, listedOn)).toEqual(sample);
  });

  test('has every journey of the season in it', () => {
    const journeys = (of: Season) => new Set(of.terms.map((term) => journeyOf(term, listedOn)));
    expect(journeys(takeSample(season, 12, listedOn))).toEqual(journeys(season));
  });

  test('is the whole season when that is smaller', () => {
    expect(takeSample(season, 500, listedOn)).toBe(season);
  });
});

const portfolio = sharedData('motor-portfolio.csv.gz');
const truth = sharedData('season_truth.py');

describe.skipIf(!portfolio || !truth)('March 2018 of the open motor portfolio', () => {
  test('is read as the independent count reads it, term by term', { timeout: 60_000 }, async () => {
    const counted = spawnSync('python3', [truth ?? '', march.from, march.to, '--cases'], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    expect(counted.stderr).toBe('');
    const season = await read(portfolio ?? '');
    const lines = season.terms.map(({ policyNumber, startsOn, expiresOn, fate }) =>
      [policyNumber, startsOn, expiresOn, fate].join('\t'),
    );
    expect(lines.toSorted()).toEqual(counted.stdout.trimEnd().split('\n').toSorted());
    expect(season.terms.every(({ owners }) => owners !== undefined)).toBe(true);
  });
});
