import { z } from 'zod';
import { previewWarnings } from '../../reporting/preview/preview-warnings.ts';
import { channels, stages } from '../../renewal/stage-plan.ts';
import { taskKinds } from '../../renewal/task.ts';
import { at, code, day, listOf, renewalId, staffId } from './basics.ts';
import { planNumber } from './stage-plans.ts';

const count = z.number().int().min(0);
const stage = z.enum(stages).nullable();
const channel = z.enum(channels);
const kind = z.enum(taskKinds);
const next = z.strictObject({ what: z.string().meta({ example: 'touch:t-15' }), at });

export const previewAsked = z
  .strictObject({
    nudgesPerSecond: z.number().int().min(1).max(50).default(20),
    changedOnly: z.boolean().default(true).meta({ description: 'Only cases for which something changes' }),
    limit: z.number().int().min(1).max(200).default(100),
    cursor: z
      .string()
      .regex(/^[\w-]{1,2000}$/)
      .optional()
      .meta({ description: '`cases.nextCursor` of the page before; the sum is not taken again then' }),
  })
  .meta({ id: 'StagePlanPreviewing', example: { nudgesPerSecond: 20, changedOnly: true, limit: 20 } });

export const previewQuery = z.strictObject({ format: z.enum(['json', 'csv']).optional() });

const ofMessage = { template: z.string(), channel };
const ofWrittenMessage = z.strictObject({
  ...ofMessage,
  ...counts(['added', 'moved', 'dropped', 'late', 'leftAlone']),
});
const ofJourney = z.strictObject({ ...ofMessage, ...counts(['added', 'moved', 'dropped', 'late']) });

function counts<Word extends string>(words: readonly Word[]) {
  return Object.fromEntries(words.map((word) => [word, count])) as Record<Word, typeof count>;
}

const load = z.strictObject({
  staffId,
  contactsPerDay: count.nullable().meta({ description: 'Contacts that they can make in a day; null: no limit' }),
  before: count.meta({ description: 'Open tasks due in the next 60 days' }),
  after: count,
  overBefore: count.meta({ description: 'Days with more contacts than they can make' }),
  overAfter: count,
  days: z
    .array(z.strictObject({ on: day, before: count, after: count, contactsBefore: count, contactsAfter: count }))
    .meta({ description: 'The days on which something changes' }),
});

const cost = z.strictObject({
  nudges: count.meta({ description: 'Cases that are told, because they would sleep too long' }),
  nudgesPerSecond: count,
  minutes: z.number().min(0),
  earlyWakes: count.meta({ description: 'Cases whose timer fires once before the instant that this plan gives' }),
  actions: count.meta({ description: 'Billable actions of Temporal beyond those of the plan of before' }),
  events: count.meta({ description: 'Events of their histories, likewise' }),
});

const sum = z.strictObject({
  cases: z.strictObject({
    ...counts(['open', 'concerned', 'changed', 'unaffected', 'pausing', 'writtenToAtOnce']),
  }),
  messagesAtOnce: count,
  stages: z.array(z.strictObject({ before: stage, after: stage, cases: count })),
  next: z.strictObject(counts(['now', 'earlier', 'same', 'later'])),
  messages: z.array(ofWrittenMessage).meta({ description: 'What is written down as the cases follow' }),
  journey: z.array(ofJourney).meta({ description: 'All that they have yet to send until they close' }),
  tasks: z.array(z.strictObject({ kind, ...counts(['added', 'moved', 'dropped']) })),
  loads: z.array(load).meta({ description: 'People for whom something changes, or who have too much' }),
  cost,
  warnings: z.array(z.strictObject({ code: z.enum(previewWarnings), count, message: z.string() })),
});

const messageChange = z.strictObject({
  touch: z.string(),
  channel,
  change: z.enum(['added', 'moved', 'dropped', 'late', 'left-alone']),
  from: at.nullable(),
  to: at.nullable(),
});

const previewedCase = z.strictObject({
  renewalId,
  branchId: code,
  ownerId: staffId.nullable(),
  stageBefore: stage,
  stageAfter: stage,
  pauses: z.boolean().meta({ description: 'Held or in its second round: it goes by the new plan afterwards' }),
  nextBefore: next,
  nextAfter: next,
  when: z.enum(['now', 'earlier', 'same', 'later']),
  nudge: z.boolean(),
  messages: z.array(messageChange),
  journey: z.array(messageChange).meta({ description: 'All that it has yet to send until it closes' }),
  tasks: z.array(
    z.strictObject({
      kind,
      occasion: z.string(),
      change: z.enum(['added', 'moved', 'dropped']),
      from: at.nullable(),
      to: at.nullable(),
    }),
  ),
});

export const previewAnswer = z
  .strictObject({
    version: planNumber,
    contentHash: z.string().meta({ description: 'Of the content that was looked at; publishing may name it' }),
    at: at.meta({ description: 'The business instant as of which everything was looked at' }),
    sum: sum.nullable().meta({ description: 'Over all cases that the plan concerns; null on a later page of cases' }),
    cases: listOf(previewedCase).meta({ description: 'The cases that you may see, in the order of their ids' }),
  })
  .meta({ id: 'StagePlanPreview' });
