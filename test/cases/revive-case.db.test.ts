import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { reviveCase } from '../../src/cases/revive-case.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** A Temporal in which every case has completed. */
function completedWith(outcome: Outcome): CaseDeps {
  const handle = { describe: async () => ({ status: { name: 'COMPLETED' } }), result: async () => outcome };
  const client = { workflow: { getHandle: () => handle } };
  const temporal = { client, close: async () => {} } as unknown as CaseDeps['temporal'];
  return { db: book.db, calendar: shanghai, temporal };
}

test('a case whose workflow completed unseen closes like any other: nobody has a task and no message goes out', async () => {
  const id = await book.openCase();
  await book.setTime(45);
  await book.turn(id, 'entered');
  const [policy] = await book.db.select().from(policies);
  await book.db.insert(messages).values({
    id: uuidv7(),
    renewalId: id,
    touch: 't-30',
    channel: 'sms',
    customerId: policy!.customerId,
    template: 't-30',
    state: 'planned',
    dueAt: new Date(),
    latestAt: new Date(),
  });
  expect((await book.tasks(id)).map(({ state }) => state)).toContain('open');
  expect((await book.messages(id)).map(({ state }) => state)).toContain('planned');
  const outcome: Outcome = { kind: 'lost', reason: 'price', renewable: true };
  expect(await reviveCase(completedWith(outcome), id)).toBe(true);
  expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', lossReason: 'price' });
  expect((await book.tasks(id)).map(({ state }) => state)).not.toContain('open');
  expect((await book.messages(id)).map(({ state }) => state)).not.toContain('planned');
});
