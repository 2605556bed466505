import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCaseBudget } from '../../src/db/concessions/concession-budget.ts';
import { concessions } from '../../src/db/schema/concessions.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import { defaultLadder } from '../../src/renewal/concession.ts';
import { readConcessionMix } from '../../src/reporting/concession-mix.ts';
import { addAuthorities, climb, type Ladder } from '../cases/a-ladder-of-people.ts';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;
let ladder: Ladder;
let cases: string[];

beforeAll(async () => {
  book = await openBook();
  await addAuthorities(book);
  ladder = climb(book);
  await book.setTime(40);
  cases = [];
  for (let turn = 0; turn < 100; turn += 1) cases.push(await book.openCase());
  const bands = [8, 10, 13, 14].flatMap((percent, band) =>
    cases.slice(band * 20, (band + 1) * 20).map((renewalId) => approved(renewalId, percent)),
  );
  await book.db.insert(concessions).values(bands);
});
afterAll(() => book.close());

function approved(renewalId: string, percent: number): typeof concessions.$inferInsert {
  const requestedAt = new Date('2027-02-19T02:00:00Z');
  const facts = { step: 'part', state: 'approved', level: 'general-manager', premium: '4200.00', ladderVersion: 0 };
  const by = { reason: 'a rival', requestedBy: 'X1', requestedAt };
  return { id: uuidv7(), renewalId, branchId: 'B01', percent: String(percent), ...facts, ...by };
}

const viewer = { id: 'any', roles: ['auditor' as const], branchId: null, teams: [], branches: [] };
const march = { from: '2027-03-01', to: '2027-03-31' };

describe('The mix of the customers whose cases expire in a month', () => {
  test('of five bands of twenty has a mean of 9.0 %', async () => {
    const mix = await readConcessionMix(book.db, viewer, march);

    expect(mix).toMatchObject({ customers: 100, meanPercent: 9, targetPercent: 9, ladderVersion: 0 });
    expect(mix.bands.map(({ customers, sharePercent }) => [customers, sharePercent])).toEqual(
      mix.bands.map(() => [20, 20]),
    );
  });

  test('is what the viewer may see', async () => {
    const manager = { ...viewer, roles: ['channel-manager' as const], branchId: 'B02', branches: ['B02'] };

    expect(await readConcessionMix(book.db, manager, march)).toMatchObject({ customers: 0, meanPercent: null });
    expect(await readConcessionMix(book.db, viewer, { ...march, branchId: 'B02' })).toMatchObject({ customers: 0 });
  });

  test('of another month is empty', async () => {
    const april = { from: '2027-04-01', to: '2027-04-30' };

    expect(await readConcessionMix(book.db, viewer, april)).toMatchObject({ customers: 0 });
  });
});

describe('A band that is used up', () => {
  test('warns and does not refuse by default', async () => {
    const requested = await ladder.ask(cases[99]!, 'X1', { percent: 5 });
    if (requested.kind === 'refused') throw new Error(requested.refusal);

    expect(requested.row.state).toBe('approved');
    const { band } = await readCaseBudget(book.db, requested.row);
    expect(band).toMatchObject({ upToPercent: 8, left: 0 });
  });

  test('refuses when the ladder enforces it, but not a customer who is in it already', async () => {
    const content = { ...defaultLadder, enforceMix: true };
    await book.db.transaction((tx) => changeSetting(tx, { name: 'concession-ladder', content, changedBy: 'S1' }));

    expect(await ladder.ask(cases[98]!, 'X1', { percent: 5 })).toEqual({ kind: 'refused', refusal: 'budget-used-up' });
    expect(await ladder.ask(cases[97]!, 'X1', { percent: 0 })).toMatchObject({ kind: 'stored' });
    expect(await ladder.ask(cases[99]!, 'X1', { percent: 7 })).toMatchObject({ kind: 'stored' });
  });
});
