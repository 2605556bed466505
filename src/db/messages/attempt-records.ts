import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { messageAttempts, messageReceipts } from '../schema/message-attempts.ts';
import { messages } from '../schema/messages.ts';
import { updateRow } from '../write-together.ts';

export type AttemptRow = typeof messageAttempts.$inferSelect;
export type AttemptChange = Partial<Omit<AttemptRow, 'id' | 'messageId' | 'claimedAt' | 'triedAt'>>;

/** The message of an attempt and all its attempts in the order of their claims; the message is locked first. */
export type AttemptsOfMessage = { message: typeof messages.$inferSelect; attempts: AttemptRow[] };

/** An attempt as it stands without a lock, its message and its case; undefined when nobody made it. */
export async function findAttempt(
  db: Db,
  attemptId: string,
): Promise<{ attempt: AttemptRow; renewalId: string; state: string } | undefined> {
  const [found] = await db
    .select({ attempt: messageAttempts, renewalId: messages.renewalId, state: messages.state })
    .from(messageAttempts)
    .innerJoin(messages, eq(messages.id, messageAttempts.messageId))
    .where(eq(messageAttempts.id, attemptId));
  return found;
}

const lockMessageRow = prepareOnce('lock_message_row', (db) =>
  db
    .select()
    .from(messages)
    .where(eq(messages.id, sql.placeholder('messageId')))
    .for('no key update'),
);

/** Every attempt of `messageId`, the first one first. */
export function attemptsOfMessage(db: Db) {
  return db
    .select()
    .from(messageAttempts)
    .where(eq(messageAttempts.messageId, sql.placeholder('messageId')))
    .orderBy(asc(messageAttempts.claimedAt), asc(messageAttempts.id));
}

const attemptRows = prepareOnce('attempts_of_message', attemptsOfMessage);

/** Locks a message until the transaction ends; its attempts change under this lock alone. */
export async function lockWithAttempts(tx: Db, messageId: string): Promise<AttemptsOfMessage | undefined> {
  const [message] = await lockMessageRow(tx, { messageId });
  return message && { message, attempts: await attemptsOf(tx, messageId) };
}

/** Every attempt of a message, the first one first. @internal */
export function attemptsOf(db: Db, messageId: string): Promise<AttemptRow[]> {
  return attemptRows(db, { messageId });
}

export async function changeAttempt(tx: Db, id: string, change: AttemptChange): Promise<void> {
  await updateRow(tx, messageAttempts, { id, change });
}

/** One word of a provider about an attempt, in its own codes; `errorCode` is empty for none. */
export type ToldReceipt = { attemptId: string; providerId: string; status: string; errorCode: string };

/** Keeps what a provider called to tell; the same again is kept once. Answers its row, and whether the books have it. */
export async function storeReceipt(db: Db, told: ToldReceipt): Promise<{ id: string; isApplied: boolean }> {
  const [row] = await db
    .insert(messageReceipts)
    .values({ id: uuidv7(), ...told })
    .onConflictDoUpdate({
      target: [
        messageReceipts.attemptId,
        messageReceipts.providerId,
        messageReceipts.status,
        messageReceipts.errorCode,
      ],
      // Changes nothing, and answers the row that is there.
      set: { status: sql`excluded.status` },
    })
    .returning({ id: messageReceipts.id, appliedAt: messageReceipts.appliedAt });
  if (!row) throw new Error('a receipt was neither stored nor there');
  return { id: row.id, isApplied: row.appliedAt !== null };
}

export async function markApplied(tx: Db, receiptId: string): Promise<void> {
  await tx
    .update(messageReceipts)
    .set({ appliedAt: sql`clock_timestamp()` })
    .where(eq(messageReceipts.id, receiptId));
}

export type ReceiptRow = typeof messageReceipts.$inferSelect;

/** Receipts that were stored and not applied, because their process died or the database was busy. */
export function receiptsLeftOver(db: Db, limit: number): Promise<ReceiptRow[]> {
  const isOld = lte(messageReceipts.receivedAt, sql`clock_timestamp() - interval '10 seconds'`);
  return db
    .select()
    .from(messageReceipts)
    .where(and(isNull(messageReceipts.appliedAt), isOld))
    .orderBy(asc(messageReceipts.receivedAt))
    .limit(limit);
}
