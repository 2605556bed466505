import { lockCase } from '../db/cases/case-locks.ts';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { entryOf } from '../db/journal/journal-records.ts';
import { findAttempt, lockWithAttempts } from '../db/messages/attempt-records.ts';
import { messageAttempts } from '../db/schema/message-attempts.ts';
import { messages } from '../db/schema/messages.ts';
import { changeOf, writeTogether } from '../db/write-together.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { noteProviderError } from './provider-error.ts';

/**
 * Keeps with an attempt what a report says that proves nothing, and lets it count against the address (promises.md, SMTP
 * specifics). The state stays: what nobody can prove neither settles an attempt nor undoes what was settled. The first word
 * on an attempt is kept, others change nothing. `code` is an `unproved` one.
 */
export async function noteUnprovedReport(
  db: Db,
  { attemptId, code }: { attemptId: string; code: string },
  calendar: Calendar,
): Promise<void> {
  const place = await findAttempt(db, attemptId);
  if (!place) return;
  const { provider, messageId } = place.attempt;
  await db.transaction(async (tx) => {
    await lockCase(tx, place.renewalId);
    const message = (await lockWithAttempts(tx, messageId))?.message;
    if (message?.state !== 'accepted' || message.attemptId !== attemptId || message.errorCode !== null) return;
    const { renewalId, customerId, channel, address } = message;
    const { now } = await readClock(tx);
    const facts = { messageId, renewalId, customerId, channel, address, provider, code, now, calendar };
    await noteProviderError(tx, facts);
    const [event, inputs] = ['message-returned', { messageId, attemptId, code }];
    await writeTogether(tx, [
      changeOf(messageAttempts, { id: attemptId, change: { errorCode: code } }),
      changeOf(messages, { id: messageId, change: { errorCode: code } }),
      entryOf({ chain: renewalId, actor: 'system', event, reason: 'unproved', inputs }),
    ]);
  });
}
