import { eq } from 'drizzle-orm';
import type { Settlement } from '../../renewal/message-state.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { staffMessageSettlements } from '../schema/staff-messages.ts';
import { changeStaffMessage, lockStaffMessage } from './staff-message-records.ts';

/** What an operator found out about an uncertain message to staff, under the id of the request. None is ever sent again. */
export type StaffSettlement = {
  id: string;
  messageId: string;
  as: Extract<Settlement, 'sent' | 'not-sent'>;
  providerId: string | undefined;
  note: string | undefined;
  by: string;
};

export type StaffSettleAnswer = { kind: 'settled' } | { kind: 'unknown' } | { kind: 'not-uncertain'; state: string };

/**
 * Settles a message to staff of which nobody can tell whether it went. Of two who decide at once the first one does; the same
 * decision again changes nothing.
 */
export async function settleStaffMessage(tx: Db, settled: StaffSettlement): Promise<StaffSettleAnswer> {
  const { id, messageId, as, providerId = null, note = null, by } = settled;
  const message = await lockStaffMessage(tx, messageId);
  if (!message) return { kind: 'unknown' };
  const isRecorded = (await tx.$count(staffMessageSettlements, eq(staffMessageSettlements.id, id))) > 0;
  if (isRecorded) return { kind: 'settled' };
  if (message.state !== 'unknown') return { kind: 'not-uncertain', state: message.state };
  const { attemptId } = message;
  const settledAt = new Date((await readClock(tx)).now);
  await tx
    .insert(staffMessageSettlements)
    .values({ id, messageId, attemptId, settledAs: as, providerId, note, settledBy: by, settledAt });
  const standing =
    as === 'sent'
      ? { state: 'accepted', reason: null, providerId: providerId ?? message.providerId }
      : { state: 'not-accepted', reason: 'settled-as-not-sent' };
  await changeStaffMessage(tx, message, {
    change: { ...standing, settledAt, settledBy: 'operator' },
    event: 'staff-message-settled',
    reason: 'asked-by-person',
    inputs: { id, attemptId, as, was: message.state },
    actor: by,
  });
  return { kind: 'settled' };
}
