import type { Calendar, Day, Instant } from './calendar.ts';
import { planCase, stageAt, type CasePlan, type PlannedStage } from './case-plan.ts';
import { nextActionOf, type NextAction } from './next-action.ts';
import {
  changeMessages,
  changeTasks,
  mayComeBack,
  turnTasks,
  type KnownMessage,
  type KnownTask,
  type MessageChange,
  type TaskChange,
} from './plan-change.ts';
import type { Segment } from './segment.ts';
import type { Stage, StagePlan } from './stage-plan.ts';
import { planStageWork, workInTime, workOfPeople, type StageWork } from './stage-work.ts';
import { workOfOneStage } from './work-of-one-stage.ts';

/** All of an open case that decides what another plan does to it; instants are business milliseconds. */
export type RunningCase = {
  renewalId: string;
  stage: Stage | undefined;
  expiresOn: Day;
  graceFrom: Day | null;
  openedAt: Instant;
  segment: Segment;
  confirmed: boolean;
  /** Also a hold that is over by now, as its row has it. */
  heldUntil: Instant | undefined;
  secondRoundDueAt: Instant | undefined;
  callBackAt: Instant | undefined;
  isOrphan: boolean;
  handoverDueAt: Instant | undefined;
  /** The call centre has had it from its first day. */
  isCallCentres: boolean;
  mayBeWrittenTo: (at: Instant) => boolean;
  messages: readonly KnownMessage[];
  tasks: readonly KnownTask[];
};

/** The plan that the books of a case follow, the one by which its workflow armed its timers, and the one that it shall follow. */
export type PlansOfCase = {
  books: StagePlan;
  armed: StagePlan;
  target: StagePlan;
  /** Their instants in this case, where somebody has planned them already. */
  planned?: (plan: StagePlan) => CasePlan;
};

export type Present = { now: Instant; tolerance: number; calendar: Calendar };

/** What a plan does to a case at the moment at which the case follows it. */
export type Following = {
  stageBefore: Stage | undefined;
  stageAfter: Stage | undefined;
  /** A held case and one in its second round stay where they are, and go by the new plan afterwards. */
  pauses: boolean;
  before: NextAction;
  after: NextAction;
  messages: readonly MessageChange[];
  tasks: readonly TaskChange[];
  /** Its workflow would sleep too long: it is told. All others learn of the plan when they wake. */
  nudge: boolean;
};

/**
 * What another plan does to an open case (architecture.md, Tuning timers of cases in flight): the stage of its calendar,
 * back or forward, the messages and the work of that stage, and the next instant. The same rule previews a plan and rolls
 * it out.
 */
export function followPlan(one: RunningCase, plans: PlansOfCase, present: Present): Following {
  const instants = plans.planned ?? planning(one, present.calendar);
  const target = instants(plans.target);
  const pauses = one.secondRoundDueAt !== undefined || pauseOf(one, target, present) !== undefined;
  const byCalendar = stageAt(target, present.now + present.tolerance);
  const stageAfter = pauses ? one.stage : byCalendar?.stage;
  const turns = stageAfter !== one.stage;
  const isUnopened = one.stage === undefined && !turns;
  const stage = { plans, target, stage: byCalendar, turns };
  const changed = pauses || isUnopened ? nothing : changeStage(one, stage, present);
  const after = nextUnder({ ...one, stage: stageAfter }, target, present);
  const sendsNow = changed.messages.some((change) => 'planned' in change && goesNow(change, present));
  return {
    stageBefore: one.stage,
    stageAfter,
    pauses,
    before: nextUnder(one, instants(plans.books), present),
    after,
    ...changed,
    nudge: turns || sendsNow || sleepsTooLong(one, { armed: instants(plans.armed), target, stageAfter }, present),
  };
}

/** The instants of a case by one plan or another, each planned once. */
export function planning(one: RunningCase, calendar: Calendar): (plan: StagePlan) => CasePlan {
  const facts = { expiresOn: one.expiresOn, graceFrom: one.graceFrom, spreadKey: one.renewalId };
  const known = new Map<StagePlan, CasePlan>();
  return (plan) => {
    const planned = known.get(plan) ?? planCase(facts, plan, calendar);
    known.set(plan, planned);
    return planned;
  };
}

type Sleeping = { armed: CasePlan; target: CasePlan; stageAfter: Stage | undefined };

/**
 * A touch that its case has behind it wakes nobody, wherever a plan puts its day. Where it is unsure whether the workflow
 * would wake for one, it is taken to sleep on: a word too many does no harm.
 */
function sleepsTooLong(one: RunningCase, { armed, target, stageAfter }: Sleeping, present: Present): boolean {
  const wakesFor = without(armed, one, (row) => row.state !== 'planned');
  const hasToDo = without(target, one, (row) => row.state !== 'planned' && !mayComeBack(row));
  return nextUnder({ ...one, stage: stageAfter }, hasToDo, present).at < nextUnder(one, wakesFor, present).at;
}

/** The plan without the touches whose messages are all over. */
function without(plan: CasePlan, { messages }: RunningCase, isOver: (row: KnownMessage) => boolean): CasePlan {
  const over = new Set(messages.filter(isOver).map(({ touch, channel }) => `${touch}/${channel}`));
  const touches = plan.touches.filter(
    ({ key, channels }) => !channels.every((channel) => over.has(`${key}/${channel}`)),
  );
  return { ...plan, touches };
}

const nothing = { messages: [], tasks: [] };

function goesNow({ kind, planned }: MessageChange & { planned: { dueAt: Instant } }, { now }: Present): boolean {
  return (kind === 'added' || kind === 'moved') && planned.dueAt <= now;
}

type Turning = { plans: PlansOfCase; target: CasePlan; stage: PlannedStage | undefined; turns: boolean };

function changeStage(one: RunningCase, { plans, target, stage, turns }: Turning, present: Present) {
  const { now, calendar } = present;
  const moment = { now, openedOn: calendar.dayOf(one.openedAt), mayBeWrittenTo: one.mayBeWrittenTo };
  const opens = stage !== undefined && turns;
  // What is late when another stage opens has expired by then.
  const rows = opens
    ? one.messages.filter(({ state, latestAt }) => state !== 'planned' || latestAt >= now)
    : one.messages;
  const messages = changeMessages(rows, { plan: target, stage: stage?.stage }, moment);
  if (!stage) return { messages, tasks: [] };
  const work = workOf(one, { stagePlan: plans.target, stage, closesAt: target.closesAt }, present);
  const left = one.stage === undefined ? [] : workOfOneStage;
  return {
    messages,
    tasks: opens ? turnTasks(one.tasks, { left, work }) : changeTasks(one.tasks, { stage: stage.stage, work }),
  };
}

function workOf(
  one: RunningCase,
  { stagePlan, stage, closesAt }: { stagePlan: StagePlan; stage: PlannedStage; closesAt: Instant },
  { now, calendar }: Present,
): StageWork[] {
  const work = workOfPeople(planStageWork({ ...one, stage }, stagePlan, calendar), {
    isLeftAlone: !one.mayBeWrittenTo(now),
    isCallCentres: one.isCallCentres,
  });
  const deadlineOf = ({ kind, occasion }: StageWork): Instant | undefined =>
    one.tasks.find((task) => task.state === 'open' && task.kind === kind && task.occasion === occasion)?.dueAt;
  return workInTime(work, { now, stageEndsAt: stage.endsAt, closesAt, deadlineOf }, calendar);
}

function nextUnder(one: RunningCase, plan: CasePlan, present: Present): NextAction {
  return nextActionOf({ ...one, plan, now: present.now, heldUntil: pauseOf(one, plan, present) });
}

/** Until when a case is held, never past its close; undefined when nobody holds it (any more). */
export function pauseOf(
  { heldUntil }: RunningCase,
  { closesAt }: CasePlan,
  { now, tolerance }: Present,
): Instant | undefined {
  if (heldUntil === undefined) return undefined;
  const until = Math.min(heldUntil, closesAt);
  return until <= now + tolerance ? undefined : until;
}
