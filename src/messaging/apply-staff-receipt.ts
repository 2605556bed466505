import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import {
  changeStaffMessage,
  findStaffSms,
  lockStaffMessage,
  type StaffMessageRow,
} from '../db/staff-messages/staff-message-records.ts';
import { stateOfReceipt } from './receipt-rank.ts';
import { twilioState } from './twilio-status.ts';

type TakenState = ReturnType<typeof stateOfReceipt>;
/** In Twilio's own words and codes; no `errorCode` is an empty one. */
export type StaffReceipt = { attemptId: string; providerId: string; status: string; errorCode: string };

/**
 * Brings what Twilio says of an SMS to staff into the books, in one transaction, by the ranks of customers' messages: late,
 * doubled and shuffled words change nothing. Answers whether there was such an attempt.
 */
export async function applyStaffReceipt(db: Db, told: StaffReceipt): Promise<boolean> {
  const found = await findStaffSms(db, told.attemptId);
  if (found === undefined) return false;
  const delivery = twilioState(told.status);
  if (delivery === undefined) return true;
  const state = stateOfReceipt({ state: delivery, status: told.status, errorCode: told.errorCode });
  await db.transaction(async (tx) => {
    const message = await lockStaffMessage(tx, found);
    if (message?.attemptId !== told.attemptId) return;
    if (follows(message, state)) await write(tx, { message, state, told });
  });
  return true;
}

/** Whether the word says more than what is known, as with customers' messages. */
function follows({ state: known, settledBy }: StaffMessageRow, told: TakenState): boolean {
  const isRuledOut = known === 'not-accepted' && settledBy === 'operator';
  switch (told) {
    case 'delivered':
      return known !== 'delivered';
    case 'undelivered':
      return ['claimed', 'unknown', 'accepted'].includes(known) || (known === 'not-accepted' && !isRuledOut);
    case 'accepted':
      return !['accepted', 'undelivered', 'delivered'].includes(known) && !isRuledOut;
  }
}

type News = { message: StaffMessageRow; state: TakenState; told: StaffReceipt };

async function write(tx: Db, { message, state, told }: News): Promise<void> {
  const { attemptId, status } = told;
  const errorCode = told.errorCode === '' ? null : told.errorCode;
  const settledAt = new Date((await readClock(tx)).now);
  const providerId = message.providerId ?? told.providerId;
  const reason = state === 'undelivered' ? status : null;
  await changeStaffMessage(tx, message, {
    change: { state, reason, provider: 'twilio', providerId, errorCode, settledAt, settledBy: 'callback' },
    event: `staff-message-${state}`,
    reason: 'callback',
    inputs: { attemptId, status, ...(errorCode === null ? {} : { errorCode }), was: message.state },
  });
}
