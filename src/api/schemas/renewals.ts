import { z } from 'zod';
import { closingListItems, contactResults, evidenceKinds, secondRoundOutcomes } from '../../renewal/contact-result.ts';
import { creditParts, creditRules } from '../../renewal/credit.ts';
import { lossReasons, outcomeKinds } from '../../renewal/loss.ts';
import { coverTypes } from '../../renewal/policy.ts';
import { segments } from '../../renewal/segment.ts';
import { stages } from '../../renewal/stage-plan.ts';
import { renewalSortKeys } from '../../reporting/renewal-list.ts';
import { at, code, day, flag, id, money, paging, policyNumber, renewalId, staffId, text } from './basics.ts';
import { eventsAhead } from './journal.ts';
import { concessionAnswer } from './concessions.ts';
import { quoteAnswer } from './quotes.ts';
import { taskItem } from './tasks.ts';

const sortKeys = renewalSortKeys.flatMap((key) => [key, `-${key}` as const]);

export const renewalFilters = z.strictObject({
  stage: z.enum(stages).optional(),
  outcome: z.enum(['open', ...outcomeKinds]).optional(),
  ownerId: staffId.optional(),
  branchId: code.optional(),
  segment: z.enum(segments).optional(),
  escalated: flag.optional(),
  orphan: flag.optional(),
  winBack: flag.optional().meta({ description: 'Whether it wins back a case lost the year before' }),
  expiresFrom: day.optional(),
  expiresTo: day.optional(),
  policyNumber: policyNumber.optional(),
  plate: text(20).optional().meta({ description: 'Exact; dots, spaces and case do not count' }),
  sort: z.enum(sortKeys).default('expiresOn').meta({ description: '`-` in front: descending' }),
  ...paging,
});

const caseFields = {
  id: renewalId,
  policyNumber,
  coverType: z.enum(coverTypes),
  stage: z.enum(stages).nullable(),
  outcome: z.enum(outcomeKinds).nullable().meta({ description: 'null while the case is open' }),
  lossReason: z.enum(lossReasons).nullable(),
  branchId: code,
  teamId: code.nullable(),
  ownerId: staffId.nullable().meta({ description: 'Staff number; null while nobody owns the case' }),
  expiresOn: day,
  escalated: z.boolean(),
  orphan: z.boolean(),
  callCentreSince: at.nullable(),
  nextActionAt: at.nullable(),
  priority: z.number().int(),
  segment: z.enum(segments),
};

const maskedNote = { description: 'Masked unless revealed' };

export const renewalItem = z
  .strictObject({
    ...caseFields,
    customerName: z.string().nullable().meta(maskedNote),
    plate: z.string().nullable().meta(maskedNote),
  })
  .meta({ id: 'RenewalItem' });

const plannedInstants = z.strictObject({
  stages: z.array(z.strictObject({ stage: z.enum(stages), opensAt: at, endsAt: at, opensOn: day, endsOn: day })),
  touches: z.array(
    z.strictObject({ touch: z.string(), stage: z.enum(stages), channels: z.array(z.string()), dueAt: at, dueOn: day }),
  ),
  bindOpensAt: at,
  closesAt: at.meta({ description: 'When an open case closes as lost, reason no-result' }),
});

const resultRecord = z
  .strictObject({
    id,
    kind: z.string(),
    state: z.string(),
    refusal: z.string().nullable(),
    refusalDetail: z.string().nullable(),
    result: z.enum([...contactResults, ...secondRoundOutcomes]).or(z.string()),
    stage: z.enum(stages).nullable(),
    note: z.string().nullable(),
    callBackAt: at.nullable(),
    newPolicyNumber: z.string().nullable(),
    early: z.boolean(),
    lossReason: z.string().nullable(),
    rival: z.string().nullable(),
    rivalPremium: money.nullable(),
    channel: z.string().nullable(),
    evidence: z.string().nullable(),
    evidenceKind: z.enum(evidenceKinds).or(z.string()).nullable(),
    evidenceReference: z.string().nullable(),
    occurredAt: at.nullable().meta({ description: 'When the contact took place, where it was said' }),
    afterTheFact: z.boolean().meta({ description: 'Entered long after it took place' }),
    script: z.array(z.string()).nullable(),
    correctsId: id.nullable().meta({ description: 'The mistaken entry that this one replaces' }),
    correctedBy: staffId.nullable(),
    correctedAt: at.nullable(),
    correctionReason: z.string().nullable(),
    closing: z.array(z.enum(closingListItems).or(z.string())).nullable(),
    recordedBy: staffId,
    recordedAt: at,
  })
  .meta({ id: 'ContactResult' });

const messageRecord = z.strictObject({
  id,
  touch: z.string(),
  channel: z.string(),
  template: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  dueAt: at,
  claimedAt: at.nullable(),
  settledAt: at.nullable(),
});

const credit = z.strictObject({
  part: z.enum(creditParts),
  staffId,
  rate: z.number().meta({ description: '1, or 0.5 where telesales or the call centre brought it', example: 0.5 }),
  amount: money,
  rule: z.enum(creditRules),
  creditedAt: at,
});

const winBack = z.strictObject({
  renewalId,
  lossReason: z.enum(lossReasons).nullable(),
  rival: z.string().nullable(),
  rivalPremium: money.nullable(),
});

export const renewalPage = z
  .strictObject({
    ...caseFields,
    stageOpenedAt: at.nullable(),
    stageEndsAt: at.nullable(),
    planVersion: z.number().int(),
    instants: plannedInstants.nullable(),
    owner: z.strictObject({ id: staffId, name: z.string() }).nullable(),
    policy: z.strictObject({
      startsOn: day,
      expiresOn: day,
      premium: money,
      claimsCount: z.number().int(),
      claimsAmount: money,
      channel: z.string().nullable(),
      model: z.string().nullable(),
      plate: z.string().nullable().meta(maskedNote),
      vin: z.string().nullable().meta(maskedNote),
      cancelledOn: day.nullable(),
    }),
    customer: z.strictObject({
      name: z.string().nullable().meta(maskedNote),
      phone: z.string().nullable().meta(maskedNote),
      email: z.string().nullable().meta(maskedNote),
      language: z.string(),
      tier: z.string().nullable(),
      smsConsent: z.boolean().meta({ description: 'To renewal reminders; `/consents` tells how it came about' }),
      emailConsent: z.boolean(),
      smsNoticeConsent: z.boolean().meta({ description: 'To service notices' }),
      emailNoticeConsent: z.boolean(),
      smsOptedOutAt: at.nullable().meta({ description: 'From then on no SMS' }),
      emailOptedOutAt: at.nullable().meta({ description: 'From then on no renewal reminder by e-mail' }),
      doNotContactUntil: at.nullable(),
    }),
    revealed: z.boolean(),
    attempts: z.number().int(),
    callBackAt: at.nullable(),
    held: z
      .strictObject({ until: at, reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'While held nothing is sent, escalated or assigned' }),
    secondRound: z.strictObject({ dueAt: at.nullable(), reason: z.string().nullable() }).nullable(),
    receivingChannel: z.string().nullable(),
    orphanedAt: at.nullable().meta({ description: 'Since when nobody owns it; kept when it closes without an owner' }),
    unownedSeconds: z
      .number()
      .int()
      .meta({ description: 'Business seconds without an owner, counted when it gets one or closes' }),
    newPolicyNumber: z.string().nullable(),
    renewedEarly: z.boolean(),
    openedAt: at,
    closedAt: at.nullable(),
    correctedAt: at.nullable().meta({ description: 'When a correction after the close changed the books' }),
    tasks: z.array(taskItem),
    results: z.array(resultRecord),
    messages: z.strictObject({ byState: z.record(z.string(), z.number().int()), items: z.array(messageRecord) }),
    quotes: z.array(quoteAnswer),
    concessions: z.array(concessionAnswer),
    credits: z.array(credit).meta({ description: 'Whose the renewal is, part by part; empty until it is one' }),
    winBack: winBack.nullable().meta({ description: 'The case lost the year before that this one wins back' }),
    escalations: z.array(z.strictObject({ at, to: z.string(), reason: z.string() })),
    nextAction: z.strictObject({ at: at.nullable(), action: z.string(), reason: z.string() }).nullable(),
    next: eventsAhead,
    links: z.strictObject({ self: z.string(), journal: z.string(), temporal: z.string() }),
  })
  .meta({ id: 'Renewal' });
