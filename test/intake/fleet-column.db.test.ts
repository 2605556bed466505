import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { openRenewal } from '../../src/db/cases/intake-records.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { importList } from '../../src/intake/import-list.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { aFile, aPendingList } from './pending-list.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** The list with a column of fleet numbers behind its own ones. */
function withFleets(list: string, ...numbers: string[]): string {
  const lines = list.trimEnd().split('\r\n');
  return lines.map((line, place) => `${line},${place === 0 ? '团单号' : (numbers[place - 1] ?? '')}`).join('\r\n');
}

async function importText(text: string) {
  const file = aFile(text);
  const importId = await queueImport(book.db, { fileName: 'list.csv', dryRun: false, requestedBy: 'admin' });
  try {
    return await importList(book.connection, { importId, path: file.path, today: '2027-01-10', calendar: shanghai });
  } finally {
    file.remove();
  }
}

const termOf = async (number: string) =>
  (await book.db.select().from(policies).where(eq(policies.policyNumber, number)))[0]!;

test('a list may name the fleet of a policy, and a list without that column imports as before', async () => {
  await importText(withFleets(aPendingList({ 保单号: 'F1' }, { 保单号: 'F2' }), 'TD-7'));
  expect([(await termOf('F1')).fleetNumber, (await termOf('F2')).fleetNumber]).toEqual(['TD-7', null]);
  expect(await importText(aPendingList({ 保单号: 'F1' }))).toMatchObject({ accepted: 1, unchanged: 1 });
  expect((await termOf('F1')).fleetNumber).toBe('TD-7');
});

test('an open case joins the fleet that a later list names', async () => {
  await importText(aPendingList({ 保单号: 'F3' }));
  const policy = await termOf('F3');
  const id = (await book.db.transaction((tx) => openRenewal(tx, policy, { runId: policy.id, calendar: shanghai })))!;
  await importText(withFleets(aPendingList({ 保单号: 'F3' }), 'TD-8'));
  const [row] = await book.db.select().from(renewals).where(eq(renewals.id, id));
  expect(row?.fleetId).toBe('fleet:3701:TD-8');
  expect(await book.events(id)).toContain('fleet-joined');
});
