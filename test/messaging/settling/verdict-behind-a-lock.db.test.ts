import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockCase } from '../../../src/db/cases/case-locks.ts';
import type { Db } from '../../../src/db/connection.ts';
import { messageAttempts } from '../../../src/db/schema/message-attempts.ts';
import { messages } from '../../../src/db/schema/messages.ts';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import { accepted, anAttempt, answerTo, type Attempt } from './given-attempts.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterAll(() => book.close());

test.for(['renewal', 'message'] as const)(
  'A verdict that waits for somebody who has its %s reads what became of the attempt meanwhile',
  async (holds) => {
    const attempt = await anAttempt(book);
    let told: ReturnType<typeof answerTo> | undefined;
    await book.db.transaction(async (tx) => {
      await hold(tx, attempt, holds);
      told = answerTo(book, attempt, accepted(attempt));
      await expect.poll(waiting).toBe(1);
      await deliver(tx, attempt);
    });
    expect(await told).toEqual({ kind: 'accepted' });
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'delivered', answer: null });
  },
);

async function hold(tx: Db, { renewalId, messageId }: Attempt, what: 'renewal' | 'message'): Promise<void> {
  if (what === 'renewal') await lockCase(tx, renewalId);
  else await tx.select().from(messages).where(eq(messages.id, messageId)).for('update');
}

async function deliver(tx: Db, { messageId, attemptId }: Attempt): Promise<void> {
  await tx
    .update(messageAttempts)
    .set({ state: 'delivered', delivery: 'delivered' })
    .where(eq(messageAttempts.id, attemptId));
  await tx.update(messages).set({ state: 'delivered' }).where(eq(messages.id, messageId));
}

async function waiting(): Promise<number> {
  const { rows } = await book.db.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
  return rows.length;
}
