import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/connection.ts';
import { lockCustomer } from '../../src/db/messages/message-records.ts';
import { sending } from '../../src/db/schema/operations.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterAll(() => book.close());

/** Claims a message while somebody else has its customer, who does something before letting go. */
async function claimBehind(change: (tx: Db) => Promise<unknown>) {
  const customerId = await book.addCustomer();
  const renewalId = await book.addCase({ policy: { customerId } });
  await book.plan(renewalId);
  let claimed: ReturnType<typeof claimMessage> | undefined;
  await book.db.transaction(async (tx) => {
    await lockCustomer(tx, customerId);
    claimed = claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);
    await expect.poll(waiting).toBe(1);
    await change(tx);
    await tx.update(customers).set({ name: '王小芳' }).where(eq(customers.id, customerId));
  });
  return claimed;
}

async function waiting(): Promise<number> {
  const { rows } = await book.db.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
  return rows.length;
}

describe('A claim that waits for another one of the same customer', () => {
  test('reads the customer as the other one left it', async () => {
    const claimed = await claimBehind(async () => {});
    expect(claimed).toMatchObject({ kind: 'won', message: { text: { params: { name: '王小芳' } } } });
  });

  test('reads all facts after it had its turn: a stop meanwhile holds it', async () => {
    const claimed = await claimBehind((tx) => tx.update(sending).set({ stopped: true }));
    await book.db.update(sending).set({ stopped: false });
    expect(claimed).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'sending-stopped' } });
  });
});
