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

/**
 * Work that a stage brings: from so many days before T on (from its opening when empty), for these segments (all when empty),
 * with so many working days to do it (the kind's own number when empty).
 */
export type StageTask = {
  kind: PlannedTaskKind;
  startsDaysBefore?: number;
  segments?: readonly Segment[];
  dueWorkdays?: number;
};

/** The kinds of work that a stage plan may bring; all others follow from what happens in a case. */
export const plannedTaskKinds = [
  'file-check',
  'indicative-quote',
  'accept-entry',
  'first-contact',
  'firm-quote',
  'phone-attempt',
  'key-client-visit',
  'last-offer',
] as const satisfies readonly TaskKind[];
type PlannedTaskKind = (typeof plannedTaskKinds)[number];

/** What a stage can wait for (business.md, The stage plan, "result that counts"). */
export const countingResults = ['confirmed', 'effective-contact', 'final-outcome'] as const;
export type CountingResult = (typeof countingResults)[number];

/** Who takes over when a stage ends without a result that counts. */
export const escalationTargets = ['supervisor', 'call-centre', 'nobody'] as const;
export type EscalationTarget = (typeof escalationTargets)[number];

/** By whether the entry was handed out to the agent before the stage ended. */
export type Unanswered = { handedOut: EscalationTarget; notHandedOut: EscalationTarget };

export type StageRule = {
  stage: Stage;
  opensDaysBefore: number;
  endsDaysBefore: number;
  touches: readonly Touch[];
  tasks: readonly StageTask[];
  /** The result that the stage waits for. */
  counts: CountingResult;
  unanswered: Unanswered;
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
  /** How many touches a customer gets in a day, and effective contacts and touches in a week; the house's own caps hold beside them. */
  caps: { touchesPerDay: number; contactsPerWeek: number };
  /** Over how many minutes from the window's start the cases of one expiry day spread. */
  spreadMinutes: number;
};

/** The single confirmation after a renewal (business.md, Restraint); it belongs to no stage. */
export const confirmationTouch = 'renewal-confirmation';

/** Who takes over out of a stage; nobody out of one that the plan does not have. */
export function unansweredIn(plan: StagePlan, stage: Stage): Unanswered {
  const rule = plan.stages.find((one) => one.stage === stage);
  return rule?.unanswered ?? { handedOut: 'nobody', notHandedOut: 'nobody' };
}

/** The work that a stage brings for a policy of a segment. */
export function tasksOfStage(plan: StagePlan, stage: Stage, segment: Segment): readonly StageTask[] {
  const tasks = plan.stages.find((rule) => rule.stage === stage)?.tasks ?? [];
  return tasks.filter(({ segments }) => segments === undefined || segments.includes(segment));
}
