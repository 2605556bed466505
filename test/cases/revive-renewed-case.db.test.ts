import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { reviveCase } from '../../src/cases/revive-case.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { confirmationTouch } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** A Temporal in which every case completed as renewed; `started` fills with those that run again. */
function allRenewed(started: string[]): CaseDeps {
  const outcome = { kind: 'renewed', early: false };
  const handle = { describe: async () => ({ status: { name: 'COMPLETED' } }), result: async () => outcome };
  const start = async (_: string, { workflowId }: { workflowId: string }) => void started.push(workflowId);
  const temporal = { client: { workflow: { getHandle: () => handle, start } } } as unknown as CaseDeps['temporal'];
  return { db: book.db, calendar: shanghai, temporal };
}

test('a renewal whose close the books forgot is credited and confirmed, and its fleet goes on with another vehicle', async () => {
  await book.setTime(45);
  const [first, second] = [await book.openCase({ fleetNumber: 'F1' }), await book.openCase({ fleetNumber: 'F1' })];
  for (const id of [first, second]) await book.turn(id, 'entered');
  await apply(book, first, { result: 'renewed', newPolicyNumber: 'N-1', recordedBy: 'A2' });
  const started: string[] = [];
  expect(await reviveCase(allRenewed(started), first)).toBe(true);
  expect(await book.renewal(first)).toMatchObject({ outcome: 'renewed', newPolicyNumber: 'N-1' });
  const credited = await book.db.select().from(credits).where(eq(credits.renewalId, first));
  expect(credited.map(({ staffId }) => staffId)).toContain('A2');
  const planned = (await book.messages(first)).filter(({ state }) => state === 'planned');
  expect(planned.map(({ touch }) => touch)).toEqual([confirmationTouch]);
  expect(started).toEqual([first]);
  const open = (await book.tasks(second)).filter(({ state }) => state === 'open');
  expect(open.map(({ kind }) => kind)).toEqual(['first-contact']);
});
