import type { Caps, QuietHours } from './settings.ts';
import type { StagePlan } from './stage-plan.ts';

/** What can be wrong with a stage plan that is of the right shape. */
export const planProblemCodes = [
  'stages-differ',
  'stage-empty',
  'stage-gap',
  'stage-overlap',
  'day-after-expiry',
  'before-horizon',
  'ends-before-expiry',
  'counts-unfit',
  'target-unfit',
  'touch-key-unfit',
  'touch-key-taken',
  'touch-outside-stage',
  'touch-renamed',
  'channels-unfit',
  'template-unknown',
  'late-unfit',
  'too-many-a-day',
  'too-many-a-week',
  'task-unknown',
  'task-segments-unfit',
  'task-twice',
  'task-outside-stage',
  'firm-quote-too-early',
  'out-of-range',
  'bind-before-first-stage',
  'caps-looser',
  'window-empty',
  'window-in-quiet-hours',
  'spread-beyond-window',
  'nothing-to-give-back',
] as const;
export type PlanProblemCode = (typeof planProblemCodes)[number];

/** Where in the plan (`stages[1].touches[0].daysBefore`), what, and a sentence for whoever wrote it. */
export type PlanProblem = { path: string; code: PlanProblemCode; message: string };

/** What the house allows at most, and the templates that a touch may use. */
export type PlanLimits = {
  quietHours: QuietHours;
  caps: Caps;
  templates: readonly string[];
  /** The plan that this one would follow on; its touches keep their keys. */
  followsOn?: StagePlan | undefined;
};

/** A problem of a day, a number or a name that stands at a path. */
export function problem(path: string, code: PlanProblemCode, message: string): PlanProblem {
  return { path, code, message };
}

/** The day `daysBefore` as people write it: T-30, or T. */
export function nameDay(daysBefore: number): string {
  if (daysBefore === 0) return 'T';
  return daysBefore > 0 ? `T-${daysBefore}` : `T+${-daysBefore}`;
}

/** `1 day`, `5 days`. */
export function countDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
