import { z } from 'zod';
import { scriptSteps } from '../../renewal/call-script.ts';
import { coverTypes } from '../../renewal/policy.ts';
import { stages } from '../../renewal/stage-plan.ts';
import { at, day, flag, id, money, paging, policyNumber, renewalId, staffId } from './basics.ts';

const maskedNote = { description: 'Masked unless revealed' };

export const callListQuery = z.strictObject({ reveal: flag.optional(), ...paging });

const historyEntry = z.strictObject({
  id,
  result: z.string(),
  recordedAt: at,
  recordedBy: staffId,
  channel: z.string().nullable(),
  callBackAt: at.nullable(),
  note: z.string().nullable(),
});

const newestQuote = z.strictObject({
  version: z.number().int(),
  kind: z.string().meta({ description: '`indicative` or `firm`' }),
  premium: money,
  validUntil: at.nullable(),
  quotedAt: at,
});

const scriptLine = z.strictObject({
  step: z.enum(scriptSteps),
  text: z.string(),
  neededForRenewal: z.boolean().meta({ description: 'Must be among the `script` of a result `renewed`' }),
});

export const callListItem = z
  .strictObject({
    id: renewalId.meta({ description: 'The case: its results go to /v1/renewals/{id}/results' }),
    customer: z.strictObject({
      name: z.string().nullable().meta(maskedNote),
      phone: z.string().nullable().meta(maskedNote),
      language: z.string(),
    }),
    policy: z.strictObject({
      policyNumber,
      coverType: z.enum(coverTypes),
      startsOn: day,
      expiresOn: day,
      premium: money,
      claimsCount: z.number().int(),
      model: z.string().nullable(),
      plate: z.string().nullable().meta(maskedNote),
    }),
    stage: z.enum(stages).nullable(),
    ownerId: staffId.nullable().meta({ description: 'Keeps the case and its credit while the call centre works it' }),
    handedOver: z.strictObject({
      since: at.nullable().meta({ description: 'null: offered to the call centre and not accepted yet' }),
      reason: z.string().nullable(),
    }),
    rank: z.strictObject({ score: z.number(), daysLeft: z.number().int(), explanation: z.string() }),
    attempts: z.number().int(),
    history: z.array(historyEntry),
    quote: newestQuote.nullable(),
    callBackAt: at.nullable().meta({ description: 'Promised to the customer; the case is not to be called before' }),
    claimed: z.strictObject({ by: staffId, at: at.nullable() }).nullable(),
    callableNow: z.boolean().meta({ description: 'Whether the legal call window is open' }),
    callableFrom: at.nullable().meta({ description: 'When it opens, while it is closed' }),
    script: z.array(scriptLine).meta({ description: 'In the order in which it is read, in the customer’s language' }),
  })
  .meta({ id: 'CallListItem' });
