import type { Db } from '../db/connection.ts';
import { markApplied, type ReceiptRow } from '../db/messages/attempt-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { applyReceipt } from './apply-receipt.ts';
import { twilioState } from './twilio-status.ts';

/** Brings a stored receipt into the books; a word that says nothing of how far the message is changes nothing there. */
export async function applyStored(
  db: Db,
  {
    id,
    attemptId,
    providerId,
    status,
    errorCode,
  }: Pick<ReceiptRow, 'id' | 'attemptId' | 'providerId' | 'status' | 'errorCode'>,
  calendar: Calendar,
): Promise<void> {
  const state = twilioState(status);
  if (state === undefined) return markApplied(db, id);
  const delivery = { providerId, state, status, ...(errorCode === '' ? {} : { errorCode }) };
  await applyReceipt(db, { attemptId, delivery, by: 'callback', receiptId: id }, calendar);
}
