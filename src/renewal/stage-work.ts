import { addDays, type Calendar, type Day, type Instant } from './calendar.ts';
import type { PlannedStage } from './case-plan.ts';
import { countDue, countDueOnceGiven, type CountedTime } from './due-time.ts';
import type { Segment } from './segment.ts';
import { tasksOfStage, type StagePlan } from './stage-plan.ts';
import { roleFor, type TaskKind } from './task.ts';

/** A task as a stage asks for it; `occasion` tells it from others of its kind in the same case. Business milliseconds. */
export type StageWork = {
  kind: TaskKind;
  occasion: string;
  startsAt?: Instant;
  dueAt: Instant;
  workdays?: number;
  counted?: CountedTime | undefined;
};

type WorkFacts = {
  stage: PlannedStage;
  expiresOn: Day;
  openedAt: Instant;
  segment: Segment;
  confirmed: boolean;
};

/**
 * The work that a stage brings, with its start and its deadline by the working calendar (business.md, The stage plan, "work
 * for people"). Both are counted from the planned instants, so that a step that comes late or twice gives the same.
 */
export function planStageWork(facts: WorkFacts, stagePlan: StagePlan, calendar: Calendar): StageWork[] {
  const { stage, expiresOn, openedAt } = facts;
  return tasksOfStage(stagePlan, stage.stage, facts.segment)
    .filter(({ kind }) => kind !== 'accept-entry' || !facts.confirmed)
    .map(({ kind, startsDaysBefore: days, dueWorkdays }) => {
      const starts = days === undefined ? {} : { startsAt: calendar.instantOf(addDays(expiresOn, -days), 0) };
      const from = Math.max(stage.opensAt, openedAt, starts.startsAt ?? 0);
      const occasion = kind === 'phone-attempt' ? '1' : stage.stage;
      const time = dueWorkdays === undefined ? {} : { workdays: dueWorkdays };
      const due = countDue(kind, { from, latest: stage.endsAt, ...time }, calendar);
      return { kind, occasion, ...starts, ...due, ...time };
    });
}

/** A customer who refused contact leaves no work to anybody, and what the call centre has from its first day is no agent's. */
export function workOfPeople(
  work: readonly StageWork[],
  { isLeftAlone, isCallCentres }: { isLeftAlone: boolean; isCallCentres: boolean },
): StageWork[] {
  if (isLeftAlone) return [];
  return work.filter(({ kind }) => !isCallCentres || roleFor(kind) !== 'agent');
}

/**
 * The work with the deadlines that it gets when it is given now: nobody gets a task that is late already, its time runs
 * from now, within its stage or, once that is over, its case. One that somebody has keeps the deadline that it got.
 */
export function workInTime(
  work: readonly StageWork[],
  given: {
    now: Instant;
    stageEndsAt: Instant;
    closesAt: Instant;
    deadlineOf: (task: StageWork) => Instant | undefined;
  },
  calendar: Calendar,
): StageWork[] {
  const { now, stageEndsAt, closesAt } = given;
  const latest = stageEndsAt > now ? stageEndsAt : closesAt;
  return work.map((task) => {
    if (task.dueAt > now) return task;
    const deadline = given.deadlineOf(task);
    if (deadline !== undefined) return { ...task, dueAt: deadline, counted: undefined };
    const span = { from: task.startsAt ?? 0, latest, givenAt: now, workdays: task.workdays };
    return { ...task, ...countDueOnceGiven(task.kind, span, calendar) };
  });
}
