import { addDays, type Calendar, type Day } from './calendar.ts';
import type { NextAction } from './next-action.ts';
import type { Segment } from './segment.ts';
import { stages, tasksOfStage, type Stage, type StagePlan } from './stage-plan.ts';

/** The stage in which a case stands, none before the first one opens, and what says which work its later stages bring. */
export type WorkAhead = { stage: Stage | undefined; segment: Segment; expiresOn: Day };

/** When the work starts that the stages still to open bring on a later day of theirs (business.md, The stage plan); business ms. */
export function taskStartsAhead(
  { stage, segment, expiresOn }: WorkAhead,
  plan: StagePlan,
  calendar: Calendar,
): NextAction[] {
  const place = stage === undefined ? -1 : stages.indexOf(stage);
  return stages
    .slice(place + 1)
    .flatMap((later) => tasksOfStage(plan, later, segment))
    .flatMap(({ kind, startsDaysBefore: days }) =>
      days === undefined ? [] : [{ what: `task:${kind}`, at: calendar.instantOf(addDays(expiresOn, -days), 0) }],
    );
}
