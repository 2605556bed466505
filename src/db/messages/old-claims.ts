import { and, asc, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { changeAttempt } from './attempt-records.ts';
import { changeMessage, whySent, type MessageRow } from './message-records.ts';
import { messageAttempts } from '../schema/message-attempts.ts';
import { messages } from '../schema/messages.ts';

const interrupted = 'interrupted';
/** Longer than an SMTP server may take after the final dot; a claim is dated in business time. */
const oldestClaim = sql`business_now() - (select speed from business_clock where id = 1) * interval '15 minutes'`;

/**
 * Claims whose attempt died with its process: whether they went out nobody knows, and nobody sends them again (promises.md,
 * Sending a message). Answers how many.
 */
export async function giveUpOldClaims(db: Db, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const claimed = await tx
      .select()
      .from(messages)
      .where(and(eq(messages.state, 'claimed'), lt(messages.claimedAt, oldestClaim)))
      .orderBy(asc(messages.claimedAt))
      .limit(limit)
      .for('update', { skipLocked: true });
    for (const message of claimed) await giveUpClaim(tx, message);
    return claimed.length + (await giveUpOldAttempts(tx, limit));
  });
}

/** Attempts that died and that their message did not wait for: another one of it had been taken. */
async function giveUpOldAttempts(tx: Db, limit: number): Promise<number> {
  const isOld = and(
    eq(messageAttempts.state, 'claimed'),
    isNotNull(messageAttempts.askAt),
    lt(messageAttempts.claimedAt, oldestClaim),
  );
  const left = await tx
    .select({ id: messageAttempts.id })
    .from(messageAttempts)
    .innerJoin(messages, eq(messages.id, messageAttempts.messageId))
    .where(and(isOld, sql`${messages.state} <> 'claimed'`))
    .orderBy(asc(messageAttempts.claimedAt))
    .limit(limit)
    .for('no key update', { of: messages, skipLocked: true });
  if (left.length === 0) return 0;
  const ids = left.map(({ id }) => id);
  const change = { state: 'unknown', reason: interrupted };
  const stillClaimed = and(inArray(messageAttempts.id, ids), eq(messageAttempts.state, 'claimed'));
  const givenUp = await tx.update(messageAttempts).set(change).where(stillClaimed).returning();
  return givenUp.length;
}

/** An attempt of which nobody waits for the answer any more: from here on it is an unknown to be settled. */
export async function giveUpClaim(tx: Db, message: MessageRow): Promise<void> {
  const reason = interrupted;
  const change = { state: 'unknown', reason };
  const inputs = { attemptId: message.attemptId, ...whySent(message) };
  if (message.attemptId !== null) await changeAttempt(tx, message.attemptId, change);
  await changeMessage(tx, message, { change, event: 'message-unknown', reason, inputs });
}
