import { z } from 'zod';
import { messageClasses } from '../../messaging/message-class.ts';
import { messageStates, settlements } from '../../renewal/message-state.ts';
import { channels } from '../../renewal/stage-plan.ts';
import { messageFilterStates, messageSortKeys } from '../../reporting/message-list.ts';
import { at, code, day, flag, id, paging, policyNumber, renewalId, staffId, text } from './basics.ts';

const sortKeys = messageSortKeys.flatMap((key) => [key, `-${key}` as const]);
const reveal = flag.optional().meta({ description: 'Shows addresses and texts to roles that work with customers' });

export const messageFilters = z.strictObject({
  state: z.enum(messageFilterStates).optional().meta({
    description: '`held`: planned, and kept back for the reason that it shows',
    example: 'unknown',
  }),
  channel: z.enum(channels).optional(),
  reason: code
    .optional()
    .meta({ description: 'A code as the items have it, e.g. `quiet-hours`; `case-closed` finds all of its kind' }),
  renewalId: renewalId.optional(),
  branchId: code.optional(),
  dueFrom: day.optional(),
  dueTo: day.optional().meta({ description: 'Included' }),
  provider: code.optional(),
  reveal,
  sort: z.enum(sortKeys).default('-age').meta({ description: '`-` in front: descending, the oldest first' }),
  ...paging,
});

export const messageQuery = z.strictObject({ reveal });

const asked = z
  .strictObject({
    address: z.string().nullable().meta({ description: 'Masked unless revealed; null before the first attempt' }),
    subject: z.string().nullable().meta({ description: 'null unless revealed' }),
    text: z.string().nullable().meta({ description: 'null unless revealed; as it was written for this attempt' }),
  })
  .meta({ id: 'MessageAsked', description: 'What was handed to the provider' });

const answered = z
  .strictObject({
    code: z
      .string()
      .nullable()
      .meta({ description: 'Of the provider or of what went wrong; null: nothing was heard', example: 'http-503' }),
    errorCode: z
      .string()
      .nullable()
      .meta({ description: 'The provider’s own code for what went wrong later', example: '30003' }),
    status: z.string().nullable().meta({ description: 'The provider’s last word on it', example: 'delivered' }),
  })
  .meta({ id: 'MessageAnswered', description: 'What the provider answered' });

const fields = {
  id,
  renewalId,
  policyNumber,
  branchId: code,
  touch: code,
  channel: z.enum(channels),
  template: code,
  class: z.enum(messageClasses).meta({ description: 'What becomes of an attempt of which nothing can be proved' }),
  state: z.enum(messageStates),
  reason: z.string().nullable().meta({ description: 'Why it stands there: a rule, or what the provider answered' }),
  explanation: z
    .string()
    .nullable()
    .meta({ description: 'The same in a sentence', example: 'without consent for its channel no message goes' }),
  dueAt: at,
  latestAt: at.meta({ description: 'After this it is not sent any more' }),
  heldUntil: at.nullable().meta({ description: 'When a message that is held is looked at again' }),
  attemptId: id.nullable(),
  claimedAt: at.nullable(),
  ageSeconds: z
    .number()
    .int()
    .min(0)
    .meta({ description: 'Business seconds since its last claim, or since its day while it has none' }),
  asked,
  answered,
  provider: z.string().nullable(),
  providerId: z.string().nullable(),
  settledAt: at.nullable(),
  settledBy: z.string().nullable().meta({ description: 'answer, callback, list, class or operator' }),
  resends: z.number().int().min(0).meta({ description: 'Attempts beyond the first that were ordered on purpose' }),
  revealed: z.boolean(),
};

export const messageItem = z.strictObject(fields).meta({ id: 'Message' });

const settlement = z
  .strictObject({
    id,
    as: z.enum(settlements),
    attemptId: id.nullable(),
    providerId: z.string().nullable(),
    note: z.string().nullable(),
    by: staffId,
    at,
  })
  .meta({ id: 'MessageSettlement' });

const receipt = z
  .strictObject({ status: z.string(), errorCode: z.string(), receivedAt: at, appliedAt: at.nullable() })
  .meta({ id: 'MessageReceipt', description: 'What the provider called to tell, each word once' });

const attempt = z
  .strictObject({
    id,
    resends: z.number().int().min(0).meta({ description: 'Above 0 it was ordered on purpose' }),
    provider: z.string().nullable(),
    state: z.string().meta({ description: 'What is known of this attempt', example: 'unknown' }),
    reason: z.string().nullable(),
    providerId: z.string().nullable(),
    providerStatus: z.string().nullable(),
    errorCode: z.string().nullable(),
    answer: z.string().nullable(),
    settledBy: z.string().nullable(),
    claimedAt: at,
    settledAt: at.nullable(),
    triedAt: at.meta({ description: 'By the wall clock, as the provider’s list has it' }),
    askAt: at.nullable().meta({ description: 'When (wall clock) the provider is asked about it; null: not any more' }),
    asks: z.number().int().min(0).meta({ description: 'How often it was asked' }),
    receipts: z.array(receipt),
  })
  .meta({ id: 'MessageAttempt' });

export const messagePage = z
  .strictObject({ ...fields, attempts: z.array(attempt), settlements: z.array(settlement) })
  .meta({ id: 'MessagePage' });

export const settlementBody = z
  .strictObject({
    as: z.enum(settlements).meta({
      description:
        '`sent`: it went · `not-sent`: it did not, and stays unsent · `dropped`: leave it · `resend`: one more attempt, if its day and all rules allow it',
    }),
    providerId: z
      .string()
      .regex(/^[\w.:@<>=+/-]{1,200}$/)
      .optional()
      .meta({ description: 'Under which the provider has it', example: `SM${'0'.repeat(32)}` }),
    note: text(1_000).optional(),
  })
  .meta({ id: 'MessageSettlementRequest', example: { as: 'not-sent', note: 'Not in the provider’s list.' } });
