import { asc, eq } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { messageAttempts, messageReceipts } from '../db/schema/message-attempts.ts';
import { messageSettlements } from '../db/schema/message-settlements.ts';
import { findMessage } from './message-list.ts';
import type { Viewer } from './scope/viewer.ts';

/**
 * One message with its attempts, what providers reported of each and what operators decided, all in their order; unmasked.
 * Nothing when it does not exist or the viewer may not see it (api.md, GET /v1/messages).
 */
export async function readMessagePage(db: Db, viewer: Viewer, id: string) {
  const item = await findMessage(db, viewer, id);
  if (!item) return undefined;
  const [attempts, receipts, settlements] = await Promise.all([
    attemptsOf(db, id),
    receiptsOf(db, id),
    settlementsOf(db, id),
  ]);
  const withReceipts = attempts.map((attempt) => {
    const own = receipts.filter(({ attemptId }) => attemptId === attempt.id);
    return { ...attempt, receipts: own.map(({ attemptId: _attemptId, ...receipt }) => receipt) };
  });
  return { item, attempts: withReceipts, settlements };
}

function attemptsOf(db: Db, messageId: string) {
  const { id, resends, provider, state, reason, providerId, providerStatus, errorCode, answer } = messageAttempts;
  const { settledBy, claimedAt, settledAt, triedAt, askAt, asks } = messageAttempts;
  const what = { id, resends, provider, state, reason, providerId, providerStatus, errorCode, answer };
  return db
    .select({ ...what, settledBy, claimedAt, settledAt, triedAt, askAt, asks })
    .from(messageAttempts)
    .where(eq(messageAttempts.messageId, messageId))
    .orderBy(asc(claimedAt), asc(id));
}

function receiptsOf(db: Db, messageId: string) {
  const { attemptId, status, errorCode, receivedAt, appliedAt } = messageReceipts;
  return db
    .select({ attemptId, status, errorCode, receivedAt, appliedAt })
    .from(messageReceipts)
    .innerJoin(messageAttempts, eq(messageAttempts.id, attemptId))
    .where(eq(messageAttempts.messageId, messageId))
    .orderBy(asc(receivedAt), asc(messageReceipts.id));
}

function settlementsOf(db: Db, messageId: string) {
  const { id, settledAs, attemptId, providerId, note, settledBy, settledAt } = messageSettlements;
  return db
    .select({ id, as: settledAs, attemptId, providerId, note, by: settledBy, at: settledAt })
    .from(messageSettlements)
    .where(eq(messageSettlements.messageId, messageId))
    .orderBy(asc(settledAt), asc(id));
}
