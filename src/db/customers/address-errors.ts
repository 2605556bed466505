import { and, desc, eq, gt, isNotNull, lt, ne, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import { addressErrorOf, failuresInARow, type SuppressionReason } from '../../renewal/suppression.ts';
import { readSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { maybeSent, type MessageRow } from '../messages/message-records.ts';
import { messages } from '../schema/messages.ts';
import { askForContactDetails } from './contact-check.ts';
import { liftedLast, suppressAddress } from './suppressed-records.ts';

/** A provider's or mail system's code for why an attempt did not reach the address to which it went, null if unknown. */
export type FailedMessage = { messageId: string; address: string | null; code: string; calendar: Calendar };

/**
 * Suppresses the address of a message that did not arrive, when the code says that it is none, or when it is the third in a
 * row that did not reach it, and asks for the right one. Comes before the failure is written to the message, whose case is
 * locked. The same failure again changes nothing.
 */
export async function learnFromFailure(tx: Db, failed: FailedMessage): Promise<void> {
  const { messageId, address, code, calendar } = failed;
  if (address === null) return;
  const [message] = await tx.select().from(messages).where(eq(messages.id, messageId));
  if (!message) return;
  const channel = message.channel as Channel;
  const reason = await reasonToSuppress(tx, { ...message, address }, code);
  if (reason === undefined) return;
  const suppressed = { channel, address, customerId: null, reason, code, messageId };
  const id = await suppressAddress(tx, suppressed);
  if (id === undefined) return;
  const situation = await readSituation(tx, message.renewalId, calendar);
  await askForContactDetails(tx, situation, `address.${id}`);
  const event = `address-suppressed:${channel}`;
  const inputs = { suppressionId: id, messageId, code };
  await journalise(tx, [{ chain: message.renewalId, actor: 'system', event, reason, inputs }]);
}

type Addressed = MessageRow & { address: string };

async function reasonToSuppress(tx: Db, message: Addressed, code: string): Promise<SuppressionReason | undefined> {
  const error = addressErrorOf(message.channel as Channel, code);
  switch (error?.kind) {
    case undefined:
      return undefined;
    case 'for-good':
      return error.reason;
    case 'this-time':
      return (await failedBefore(tx, message)) ? 'unreachable' : undefined;
  }
}

/** Whether all of the last messages to this address before this one failed to reach it as well, since it was lifted. */
async function failedBefore(tx: Db, message: Addressed): Promise<boolean> {
  if (message.claimedAt === null) return false;
  const channel = message.channel as Channel;
  const since = liftedLast(tx, { channel, address: message.address });
  const before = await tx
    .select({ errorCode: messages.errorCode, channel: messages.channel })
    .from(messages)
    .where(
      and(
        eq(messages.customerId, message.customerId),
        eq(messages.channel, message.channel),
        eq(messages.address, message.address),
        ne(messages.id, message.id),
        isNotNull(messages.claimedAt),
        lt(messages.claimedAt, message.claimedAt),
        gt(messages.claimedAt, sql`coalesce((${since}), '-infinity')`),
        maybeSent,
      ),
    )
    .orderBy(desc(messages.claimedAt))
    .limit(failuresInARow - 1);
  const failed = before.filter(
    ({ errorCode }) => errorCode !== null && addressErrorOf(channel, errorCode) !== undefined,
  );
  return failed.length === failuresInARow - 1;
}
