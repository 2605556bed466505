import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeasonTerm } from '../../src/rehearsal/season.ts';

const headers = [
  'ID',
  'Date_last_renewal',
  'Date_next_renewal',
  'Distribution_channel',
  'Lapse',
  'Date_lapse',
  'Premium',
  'Cost_claims_year',
  'N_claims_year',
  'Type_risk',
  'Year_matriculation',
];

type BookRow = { id: string; startsOn: string; expiresOn: string; lapsedOn?: string };

/** A book in the format segura-2024; days are written year first here and day first in the file. */
export function writeBook(rows: readonly BookRow[]): string {
  const dayFirst = (day = ''): string => day.split('-').toReversed().join('/');
  const lines = rows.map(({ id, startsOn, expiresOn, lapsedOn }) => {
    const lapse = lapsedOn === undefined ? '0' : '1';
    const dates = [dayFirst(startsOn), dayFirst(expiresOn)];
    return [id, ...dates, '0', lapse, dayFirst(lapsedOn), '300.50', '0', '0', '3', '2010'].join(';');
  });
  const path = join(mkdtempSync(join(tmpdir(), 'xubao-book-')), 'book.csv');
  writeFileSync(path, `${[headers.join(';'), ...lines].join('\n')}\n`);
  return path;
}

/** A term of the season in March 2018 that was lost; owners are those of a list. */
export function aTerm(term: Partial<SeasonTerm> = {}): SeasonTerm {
  return {
    policyNumber: '4711',
    startsOn: '2017-03-15',
    expiresOn: '2018-03-15',
    fate: 'lost',
    cells: [],
    owners: {
      branch: { id: 'es-1', name: 'Branch 1' },
      agent: { id: 'ES1A01', name: 'Agent', departed: false },
      supervisor: { id: 'ES1S1', name: 'Supervisor' },
      specialist: { id: 'ES1X1', name: 'Specialist' },
    },
    ...term,
  };
}

/** So many terms like this one, each with a policy number of its own. */
export function severalTerms(count: number, term: Partial<SeasonTerm> = {}): SeasonTerm[] {
  return Array.from({ length: count }, (_, index) => aTerm({ policyNumber: String(1_000 + index), ...term }));
}
