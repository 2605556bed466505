import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { findAttempt, storeReceipt } from '../db/messages/attempt-records.ts';
import { applyStaffReceipt, type StaffReceipt } from '../messaging/apply-staff-receipt.ts';
import { applyStored } from '../messaging/stored-receipt.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { notFound } from './doors/problem.ts';
import { signedRoute, type Route } from './doors/route.ts';
import { id } from './schemas/basics.ts';

const code = z.string().regex(/^[\w.-]{1,64}$/);

const status = z
  .object({
    MessageSid: code.meta({ example: 'SM00000000000000000000000000000000' }),
    MessageStatus: code.meta({ example: 'delivered' }),
    ErrorCode: code.optional().meta({ description: 'Only where something went wrong', example: '30003' }),
  })
  .meta({ id: 'TwilioStatus' });

/** What Twilio calls to tell of a message; the address of the call names our attempt, also where its answer was lost. */
export function twilioStatusRoute({ db, calendar }: { db: Db; calendar: Calendar }): Route {
  return signedRoute({
    path: '/v1/webhooks/twilio/status/{attemptId}',
    summary: 'Twilio reports how far a message is',
    description:
      'Words of Twilio count by their rank, so that doubled, late and shuffled ones change nothing. Fields besides these are left alone.',
    tag: 'webhooks',
    params: z.strictObject({ attemptId: id }),
    body: status,
    answers: { 204: { description: 'Stored' } },
    handle: async ({ params: { attemptId }, body }) => {
      const { MessageSid: providerId, MessageStatus: word, ErrorCode: errorCode = '' } = body;
      const told = { attemptId, providerId, status: word, errorCode: errorCode === '0' ? '' : errorCode };
      if (!(await findAttempt(db, attemptId))) return toldOfStaff(db, told);
      const { id: receiptId, isApplied } = await storeReceipt(db, told);
      // What is stored and cannot be applied now is applied by the next settling.
      if (!isApplied) await applyStored(db, { id: receiptId, ...told }, calendar).catch(() => {});
      return { status: 204 };
    },
  });
}

/** Messages to staff have their attempts on their own; what Twilio says of them is applied at once. */
async function toldOfStaff(db: Db, told: StaffReceipt): Promise<{ status: 204 }> {
  const isOurs = await applyStaffReceipt(db, told);
  // Twilio does not call again; the refusal shows in its own list of errors that somebody else’s books are asked.
  if (!isOurs) throw notFound('attempt');
  return { status: 204 };
}
