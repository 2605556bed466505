import type { Calendar, Day, Instant } from './calendar.ts';
import { planCase, stageAt, type CasePlan, type PlannedStage, type PlannedTouch } from './case-plan.ts';
import { nextActionOf, type NextAction } from './next-action.ts';
import {
  changeMessages,
  isSettled,
  messagesAfter,
  type KnownMessage,
  type MessageChange,
  type TouchState,
} from './plan-change.ts';
import type { Segment } from './segment.ts';
import type { Stage, StagePlan } from './stage-plan.ts';
import { planStageWork, workInTime, workOfPeople, type StageWork } from './stage-work.ts';
import {
  changeTasks,
  endsWithStage,
  escalationsGivenBack,
  shortenSecondRound,
  turnTasks,
  workGivenBack,
  type KnownTask,
  type TaskChange,
} from './task-change.ts';

/** All of an open case that decides what another plan does to it; instants are business milliseconds. */
export type RunningCase = {
  renewalId: string;
  stage: Stage | undefined;
  expiresOn: Day;
  graceFrom: Day | null;
  openedAt: Instant;
  segment: Segment;
  confirmed: boolean;
  /** Whether the result that its stage waits for is there. */
  resultCounted: boolean;
  /** Also a hold that is over by now, as its row has it. */
  heldUntil: Instant | undefined;
  secondRoundDueAt: Instant | undefined;
  callBackAt: Instant | undefined;
  isOrphan: boolean;
  handoverDueAt: Instant | undefined;
  /** The call centre has had it from its first day. */
  isCallCentres: boolean;
  mayBeWrittenTo: (at: Instant) => boolean;
  /** Touches due before this instant were missed while it paused. */
  touchesFrom: Instant | undefined;
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
  const shortened = { messages: [], tasks: shortenSecondRound(one.tasks, target.closesAt) };
  const changed = pauses || isUnopened ? shortened : changeStage(one, stage, present);
  const armed = instants(plans.armed);
  const messages = messagesAfter(one.messages, changed.messages);
  const followed = { ...one, ...secondRoundUnder(one, target), stage: stageAfter, messages };
  // By when a hand-over is decided wakes nobody but the hand-over.
  const wakesAt = (known: Followed, plan: CasePlan): Instant =>
    nextUnder({ ...known, handoverDueAt: undefined }, plan, present).at;
  const sends = !pauses && sendsNow(followed, { target, armed }, present);
  // A case in its second round looks at its plan when the round is over.
  const listens = one.secondRoundDueAt === undefined;
  const sleepsTooLong = wakesAt(followed, target) < wakesAt(one, armed);
  return {
    stageBefore: one.stage,
    stageAfter,
    pauses,
    before: nextUnder(one, instants(plans.books), present),
    after: nextUnder(followed, target, present),
    ...changed,
    nudge: listens && (turns || sleepsTooLong || sends),
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

/** A second round lasts until T + grace at the latest (business.md, Contact results). */
function secondRoundUnder({ secondRoundDueAt: dueAt }: RunningCase, { closesAt }: CasePlan) {
  return { secondRoundDueAt: dueAt === undefined ? undefined : Math.min(dueAt, closesAt) };
}

type Followed = Omit<RunningCase, 'messages'> & { messages: readonly TouchState[] };

/** Whether a message is due at once that the workflow does not know of, or means to wait with. */
function sendsNow(
  { stage, isOrphan, messages }: Followed,
  { target, armed }: { target: CasePlan; armed: CasePlan },
  { now }: Present,
): boolean {
  const isDue = (touch: PlannedTouch): boolean => touch.stage === stage && touch.dueAt <= now && touch.latestAt > now;
  const isKnown = ({ key, dueAt }: PlannedTouch): boolean =>
    armed.touches.some((touch) => touch.key === key && touch.stage === stage && touch.dueAt === dueAt);
  const waits = ({ key }: PlannedTouch): boolean =>
    messages.some(({ touch, state }) => touch === key && state === 'planned');
  return !isOrphan && target.touches.some((touch) => isDue(touch) && !isKnown(touch) && waits(touch));
}

type Turning = { plans: PlansOfCase; target: CasePlan; stage: PlannedStage | undefined; turns: boolean };

function changeStage(one: RunningCase, { plans, target, stage, turns }: Turning, present: Present) {
  const { now, calendar } = present;
  const { touchesFrom, mayBeWrittenTo } = one;
  const moment = { now, openedOn: calendar.dayOf(one.openedAt), touchesFrom, mayBeWrittenTo };
  const opens = stage !== undefined && turns;
  // What is late when another stage opens has expired by then.
  const rows = opens
    ? one.messages.filter(({ state, latestAt }) => state !== 'planned' || latestAt >= now)
    : one.messages;
  const messages = changeMessages(rows, { plan: target, stage: stage?.stage }, moment);
  if (!stage) return { messages, tasks: [] };
  const work = workOf(one, { stagePlan: plans.target, stage, closesAt: target.closesAt }, present);
  const turn = { from: one.stage, to: stage.stage, work };
  return { messages, tasks: opens ? turnTasks(one.tasks, turn) : changeTasks(one.tasks, { stage: stage.stage, work }) };
}

function workOf(
  one: RunningCase,
  { stagePlan, stage, closesAt }: { stagePlan: StagePlan; stage: PlannedStage; closesAt: Instant },
  { now, calendar }: Present,
): StageWork[] {
  const planned = planStageWork({ ...one, stage }, stagePlan, calendar);
  const turn = { from: one.stage, to: stage.stage, resultCounted: one.resultCounted };
  const givenBack = [
    ...workGivenBack(one.tasks, { stage: stage.stage, work: planned }),
    ...escalationsGivenBack(one.tasks, turn),
  ];
  const isLeftAlone = !one.mayBeWrittenTo(now);
  const work = workOfPeople([...planned, ...givenBack], { isLeftAlone, isCallCentres: one.isCallCentres });
  // What goes with the stage before gets its deadline anew.
  const kept = one.tasks.filter((task) => one.stage === stage.stage || !endsWithStage(task, one.stage));
  const deadlineOf = ({ kind, occasion }: StageWork): Instant | undefined =>
    kept.find((task) => task.state === 'open' && task.kind === kind && task.occasion === occasion)?.dueAt;
  return workInTime(work, { now, stageEndsAt: stage.endsAt, closesAt, deadlineOf }, calendar);
}

function nextUnder(one: Followed, plan: CasePlan, present: Present): NextAction {
  const heldUntil = pauseOf(one, plan, present);
  const isDone = (touch: PlannedTouch): boolean => isSettled(touch, one.messages);
  return nextActionOf({ ...one, plan, now: present.now, heldUntil, isDone });
}

/** Until when a case is held, never past its close; undefined when nobody holds it (any more). */
export function pauseOf(
  { heldUntil }: Pick<RunningCase, 'heldUntil'>,
  { closesAt }: CasePlan,
  { now, tolerance }: Present,
): Instant | undefined {
  if (heldUntil === undefined) return undefined;
  const until = Math.min(heldUntil, closesAt);
  return until <= now + tolerance ? undefined : until;
}
