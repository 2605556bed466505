import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCoreNotice } from '../../src/db/cases/core-notices.ts';
import { openRenewal } from '../../src/db/cases/intake-records.ts';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { importRejections } from '../../src/db/schema/imports.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { importList } from '../../src/intake/import-list.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { aFile, aPendingList } from './pending-list.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
  await book.setTime(40);
});
afterAll(() => book.close());

const today = '2027-02-19';
const runId = '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10';

async function importRow(number: string, expiresOn: string) {
  const file = aFile(aPendingList({ 保单号: number, 保险起期: '2026-03-01', 保险止期: expiresOn }));
  const importId = await queueImport(book.db, { fileName: 'list.csv', dryRun: false, requestedBy: 'admin' });
  try {
    return {
      importId,
      ...(await importList(book.connection, { importId, path: file.path, today, calendar: shanghai })),
    };
  } finally {
    file.remove();
  }
}

const policyRow = async (number: string) =>
  (await book.db.select().from(policies).where(eq(policies.policyNumber, number)))[0]!;

/** The open case of a policy that a list brought with the last day of February as its expiry. */
async function aListedCase(number: string): Promise<string> {
  await importRow(number, '2027-02-28');
  const policy = await policyRow(number);
  return (await book.db.transaction((tx) => openRenewal(tx, policy, { runId, calendar: shanghai })))!;
}

async function coreSays(number: string, expiresOn: string): Promise<void> {
  const notice = { kind: 'expiry-corrected', policyNumber: number, startsOn: '2026-03-01', expiresOn } as const;
  const key = `${number}/${expiresOn}`;
  await book.db.transaction((tx) => takeCoreNotice(tx, { key, ...notice }, shanghai));
}

describe('A list that says the expiry again which the core system corrected', () => {
  test('changes nothing, for the policy or for its case', async () => {
    const id = await aListedCase('L1');
    await coreSays('L1', '2027-04-10');
    expect(await importRow('L1', '2027-02-28')).toMatchObject({ accepted: 1, changed: 0, unchanged: 1 });
    expect(await policyRow('L1')).toMatchObject({ expiresOn: '2027-04-10', termDays: 406 });
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-04-10', expiryRevision: 1 });
  });

  test('changes nothing either after the core system corrected it twice', async () => {
    const id = await aListedCase('L2');
    await coreSays('L2', '2027-04-10');
    await coreSays('L2', '2027-04-20');
    await importRow('L2', '2027-02-28');
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-04-20' });
  });

  test('is right again once the core system came back to it', async () => {
    await aListedCase('L3');
    await coreSays('L3', '2027-04-10');
    await coreSays('L3', '2027-02-28');
    expect(await policyRow('L3')).toMatchObject({ expiresOn: '2027-02-28', expiresOnOverruled: null });
  });
});

describe('A list that says another expiry', () => {
  test('corrects the case; the journal has the list, who sent it and both dates', async () => {
    const id = await aListedCase('L4');
    await coreSays('L4', '2027-04-10');
    const { importId } = await importRow('L4', '2027-03-15');
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-03-15', expiryRevision: 2 });
    const entries = await book.db.select().from(journal).where(eq(journal.chain, id)).orderBy(journal.sequence);
    expect(entries.find(({ event }) => event === 'expiry-corrected')).toMatchObject({
      actor: 'admin',
      reason: 'list',
      inputs: { importId, from: '2027-04-10', to: '2027-03-15' },
    });
  });

  test('does not close an open case by a day that has passed: the row is rejected', async () => {
    const id = await aListedCase('L5');
    const { importId, ...counts } = await importRow('L5', '2027-01-20');
    expect(counts).toMatchObject({ accepted: 0, rejected: 1 });
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-02-28', expiryRevision: 0 });
    const rows = await book.db.select().from(importRejections).where(eq(importRejections.importId, importId));
    expect(rows).toMatchObject([
      { column: '保险止期', reason: '保险止期: the corrected expiry has passed; the case is open' },
    ]);
  });
});
