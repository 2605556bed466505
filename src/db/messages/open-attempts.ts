import { and, asc, eq, gt, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { messageAttempts } from '../schema/message-attempts.ts';
import { messages } from '../schema/messages.ts';
import type { AttemptRow } from './attempt-records.ts';
import type { MessageRow } from './message-records.ts';

/** An attempt about which its provider is to be asked now; `asks` counts this time already. */
export type OpenAttempt = { attempt: AttemptRow; message: MessageRow };

type Waits = {
  /** Wall ms for which callbacks are awaited first, by the state of the attempt. */
  first: { unknown: number; accepted: number };
  /** Wall ms until it is asked about next; undefined for never again. */
  next: (attempt: { state: string; asks: number }) => number | undefined;
};

/**
 * Takes attempts of which nobody knows the end, the oldest first, and puts each off to its next turn: two workers never ask
 * about the same one, and one that dies with its worker comes up again.
 */
export async function takeOpenAttempts(db: Db, waits: Waits, limit: number): Promise<OpenAttempt[]> {
  return db.transaction(async (tx) => {
    const { unknown, accepted } = waits.first;
    const firstWait = sql`case when ${messageAttempts.asks} > 0 then 0 when ${messageAttempts.state} = 'accepted' then ${accepted}::float8 else ${unknown}::float8 end`;
    const due = await tx
      .select({ attempt: messageAttempts, message: messages })
      .from(messageAttempts)
      .innerJoin(messages, eq(messages.id, messageAttempts.messageId))
      .where(
        and(
          lte(messageAttempts.askAt, sql`clock_timestamp()`),
          lte(messageAttempts.askAt, sql`clock_timestamp() - (${firstWait}) * interval '1 millisecond'`),
          inArray(messageAttempts.state, ['unknown', 'accepted']),
        ),
      )
      .orderBy(asc(messageAttempts.askAt))
      .limit(limit)
      .for('no key update', { of: messageAttempts, skipLocked: true });
    await putOff(tx, due, waits);
    return due.map(({ attempt, message }) => ({ attempt: { ...attempt, asks: attempt.asks + 1 }, message }));
  });
}

async function putOff(tx: Db, due: readonly OpenAttempt[], { next }: Waits): Promise<void> {
  if (due.length === 0) return;
  const turns = due.map(({ attempt }) => ({ id: attempt.id, wait: next(attempt) ?? null }));
  await tx.execute(sql`update message_attempts set asks = asks + 1,
    ask_at = clock_timestamp() + turns.wait * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(turns)}::jsonb) as turns(id uuid, wait float8) where message_attempts.id = turns.id`);
}

/** Whether a message under this id of the provider is known to be another attempt. */
export async function belongsToAnother(db: Db, { attemptId, providerId }: { attemptId: string; providerId: string }) {
  const others = and(eq(messageAttempts.providerId, providerId), ne(messageAttempts.id, attemptId));
  return (await db.$count(messageAttempts, others)) > 0;
}

/** Messages for which one more attempt was ordered, and which no rule holds back just now. */
export async function orderedResends(db: Db, limit: number): Promise<string[]> {
  const isFree = or(isNull(messages.heldUntil), lte(messages.heldUntil, sql`business_now()`));
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.state, 'planned'), gt(messages.resends, 0), isFree))
    .limit(limit);
  return rows.map(({ id }) => id);
}
