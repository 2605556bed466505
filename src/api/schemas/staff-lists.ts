import { z } from 'zod';
import { contactResults } from '../../renewal/contact-result.ts';
import { listDifferences } from '../../renewal/half-month-list.ts';
import { keyTrackingReasons } from '../../renewal/key-tracking.ts';
import { segments } from '../../renewal/segment.ts';
import { staffMessageKinds } from '../../renewal/staff-message.ts';
import { stages } from '../../renewal/stage-plan.ts';
import { at, day, id, paging, renewalId, staffId } from './basics.ts';
import { settlementBody } from './messages.ts';

export const keyTrackingQuery = z.strictObject({
  specialistId: staffId.optional().meta({ description: 'Only cases whose list names this specialist' }),
  ...paging,
});

export const trackedCase = z
  .strictObject({
    id: renewalId,
    policyNumber: z.string(),
    customerName: z.string().nullable().meta({ description: 'Masked', example: '王**' }),
    plate: z.string().nullable().meta({ description: 'Masked', example: '鲁***01' }),
    model: z.string().nullable(),
    branchId: z.string(),
    expiresOn: day,
    stage: z.enum(stages).nullable(),
    segment: z.enum(segments),
    ownerId: staffId.nullable(),
    specialistId: staffId.nullable(),
    reasons: z.array(z.enum(keyTrackingReasons)).meta({ description: 'The weightiest first' }),
    lastContact: z.enum(contactResults).nullable().meta({ description: 'What came of the newest effective contact' }),
    callBackAt: at.nullable(),
  })
  .meta({ id: 'TrackedCase' });

export const halfMonthQuery = z.strictObject({
  period: day.optional().meta({ description: 'The day the list was taken for; the newest when absent' }),
  ...paging,
});

const listedCase = z.strictObject({ ownerId: staffId.nullable(), expiresOn: day, stage: z.enum(stages).nullable() });

const changedCase = z
  .strictObject({
    id: renewalId,
    differences: z.array(z.enum(listDifferences)).meta({ description: 'The weightiest first' }),
    before: listedCase.nullable().meta({ description: 'Null for a case that came' }),
    now: listedCase.nullable().meta({ description: 'Null for a case that left' }),
  })
  .meta({ id: 'ChangedCase' });

export const halfMonthList = z
  .strictObject({
    period: day.nullable().meta({ description: 'Null while no such list has been taken' }),
    before: day.nullable().meta({ description: 'The list that it is compared with' }),
    count: z.number().int().meta({ description: 'Cases on your list' }),
    from: day.nullable().meta({ description: 'The first expiry on it' }),
    to: day.nullable().meta({ description: 'The last one' }),
    items: z.array(changedCase).meta({ description: 'What is different; nothing on the first list' }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'HalfMonthList' });

const staffMessageStates = [
  'planned',
  'claimed',
  'accepted',
  'delivered',
  'undelivered',
  'unknown',
  'not-accepted',
  'suppressed',
  'expired',
] as const;

export const staffMessageFilters = z.strictObject({
  state: z.enum(staffMessageStates).optional(),
  kind: z.enum(staffMessageKinds).optional(),
  staffId: staffId.optional(),
  day: day.optional(),
  ...paging,
});

export const staffMessage = z
  .strictObject({
    id,
    kind: z.enum(staffMessageKinds),
    staffId,
    day,
    channel: z.enum(['sms', 'email']),
    about: z.string().nullable().meta({ description: 'The hand-over that it tells of' }),
    state: z.enum(staffMessageStates),
    reason: z.string().nullable().meta({ description: 'Why it did not go, or what the provider said' }),
    dueAt: at,
    latestAt: at.meta({ description: 'Nothing is sent after it' }),
    attemptId: id.nullable(),
    claimedAt: at.nullable(),
    provider: z.string().nullable(),
    providerId: z.string().nullable(),
    answer: z.string().nullable(),
    errorCode: z
      .string()
      .nullable()
      .meta({ description: 'Why it did not arrive; `unproved/…`: nothing proves it', example: '5.1.1' }),
    settledAt: at.nullable(),
    settledBy: z.string().nullable().meta({ description: 'answer, callback, report or operator' }),
  })
  .meta({ id: 'StaffMessage' });

/** The same words as for customers; nothing is sent again. */
export const staffSettlementBody = settlementBody
  .extend({
    as: z
      .enum(['sent', 'not-sent'])
      .meta({ description: '`sent`: it went · `not-sent`: it did not, and stays unsent' }),
  })
  .meta({ id: 'StaffMessageSettlementRequest', example: { as: 'not-sent', note: 'Not in the mail server’s log.' } });
