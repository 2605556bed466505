import type { Segment } from './segment.ts';
import type { TaskKind } from './task.ts';

export const stages = ['preparation', 'follow-up', 'intensive-chase', 'wrap-up'] as const;
export type Stage = (typeof stages)[number];

/** @public The glossary is compared with it. */
export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

/** What becomes of a touch whose day has passed when its case comes to it. */
export type LatePolicy = { kind: 'skip' } | { kind: 'send-if-within'; days: number };

/** One planned customer message of a stage; `daysBefore` counts back from T. */
export type Touch = {
  key: string;
  daysBefore: number;
  channels: readonly Channel[];
  template: string;
  late: LatePolicy;
};

/** Work that a stage brings: from so many days before T on (from its opening when empty), for these segments (all when empty). */
export type StageTask = { kind: TaskKind; startsDaysBefore?: number; segments?: readonly Segment[] };

type StageRule = {
  stage: Stage;
  opensDaysBefore: number;
  endsDaysBefore: number;
  touches: readonly Touch[];
  tasks: readonly StageTask[];
};

/** The versioned data that says when stages start and end and what happens in them. */
export type StagePlan = {
  stages: readonly StageRule[];
  graceDays: number;
  bindOpensDaysBefore: number;
  minimumAttempts: number;
  secondRoundDays: number;
  handoverWorkdays: number;
  /** Minutes of the business day between which customers are written to; also the complement of the quiet hours. */
  sendingWindow: { fromMinute: number; toMinute: number };
  /** Over how many minutes from the window's start the cases of one expiry day spread. */
  spreadMinutes: number;
};

const skip: LatePolicy = { kind: 'skip' };

function touch(daysBefore: number, touchChannels: readonly Channel[], template: string): Touch {
  return { key: `t-${daysBefore}`, daysBefore, channels: touchChannels, template, late: skip };
}

/** The default plan of business.md, The stage plan. */
export const defaultStagePlan: StagePlan = {
  stages: [
    {
      stage: 'preparation',
      opensDaysBefore: 60,
      endsDaysBefore: 45,
      touches: [touch(60, ['sms', 'email'], 'expiry-notice')],
      tasks: [{ kind: 'file-check' }, { kind: 'indicative-quote' }, { kind: 'accept-entry' }],
    },
    {
      stage: 'follow-up',
      opensDaysBefore: 45,
      endsDaysBefore: 30,
      touches: [],
      tasks: [{ kind: 'first-contact' }],
    },
    {
      stage: 'intensive-chase',
      opensDaysBefore: 30,
      endsDaysBefore: 7,
      touches: [touch(30, ['sms'], 'offer-open'), touch(15, ['sms', 'email'], 'expiry-near')],
      tasks: [
        { kind: 'firm-quote' },
        { kind: 'phone-attempt', startsDaysBefore: 15 },
        { kind: 'key-client-visit', segments: ['key-customer'] },
      ],
    },
    {
      stage: 'wrap-up',
      opensDaysBefore: 7,
      endsDaysBefore: 0,
      touches: [touch(7, ['sms'], 'last-week'), touch(3, ['sms'], 'last-days'), touch(0, ['email'], 'expiry-day')],
      tasks: [{ kind: 'last-offer' }],
    },
  ],
  graceDays: 3,
  bindOpensDaysBefore: 30,
  minimumAttempts: 3,
  secondRoundDays: 3,
  handoverWorkdays: 2,
  sendingWindow: { fromMinute: 9 * 60, toMinute: 21 * 60 },
  spreadMinutes: 480,
};

/** The single confirmation after a renewal (business.md, Restraint); it belongs to no stage. */
export const confirmationTouch = 'renewal-confirmation';

/** The work that a stage brings for a policy of a segment. */
export function tasksOfStage(plan: StagePlan, stage: Stage, segment: Segment): readonly StageTask[] {
  const tasks = plan.stages.find((rule) => rule.stage === stage)?.tasks ?? [];
  return tasks.filter(({ segments }) => segments === undefined || segments.includes(segment));
}
