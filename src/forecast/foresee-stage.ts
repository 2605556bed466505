import type { Instant } from '../renewal/calendar.ts';
import type { StageTurn } from '../renewal/case-answers.ts';
import { stageAfter, stageAt, type PlannedStage } from '../renewal/case-plan.ts';
import type { CaseState } from '../renewal/case-state.ts';
import { dueTimeOnceGiven } from '../renewal/due-time.ts';
import { escalateOutOf } from '../renewal/escalation.ts';
import { changeMessages, notInPlan, type MessageChange } from '../renewal/plan-change.ts';
import { planStageWork, workInTime, workOfPeople, type StageWork } from '../renewal/stage-work.ts';
import { stages, unansweredIn, type Stage } from '../renewal/stage-plan.ts';
import { escalationsGivenBack, workGivenBack } from '../renewal/task-change.ts';
import type { ForecastMessage } from './forecast-case.ts';
import { mayBeWrittenTo, type LivingCase, type World } from './present.ts';

type Asked = { why: 'entered' | 'calendar' | 'other'; from: Stage | undefined; counted: boolean; now: Instant };

/**
 * One stage turn as its activity takes it (activities/turn-stage.ts): escalate out of the stage that ends, open the next one
 * or keep the present one, with its work and its messages. Answers what the case would hear.
 */
export function foreseeStage(own: LivingCase, asked: Asked, world: World): StageTurn {
  const { plan, state } = own;
  if (state.heldUntil !== undefined || state.secondRound) return opened(own, state.stage, { isKept: true });
  const due = asked.why === 'calendar' ? stageAfter(plan, asked.from) : stageAt(plan, asked.now);
  if (asked.why !== 'entered' && (!due || due.stage === asked.from)) {
    follow(own, { stage: due, isKept: true, now: asked.now }, world);
    return opened(own, due?.stage, { isKept: true });
  }
  const stage = due ?? plan.stages[0];
  if (!stage || stage.opensAt > asked.now)
    return { ...answer(own), kind: 'not-yet', until: stage?.opensAt ?? plan.closesAt };
  const left = leftStage(own, asked, stage.stage);
  const escalated = left && escalationOut(own, { ...asked, stage: left }, world);
  own.read.stageOpenedAt = asked.now;
  world.log.happened({ at: asked.now, of: own.read.work, what: 'stage-opened', stage: stage.stage });
  follow(own, { stage, isKept: false, now: asked.now, escalated, asked }, world);
  return { ...opened(own, stage.stage, { isKept: false }), escalated: state.escalated || escalated !== undefined };
}

function answer({ plan, planVersion }: LivingCase): { stamp: string; planVersion: number; plan: LivingCase['plan'] } {
  return { stamp: '', planVersion, plan };
}

function opened(
  own: LivingCase,
  stage: Stage | undefined,
  { isKept: kept }: { isKept: boolean },
): StageTurn & { kind: 'opened' } {
  const known = stage === undefined ? {} : { stage };
  return { ...answer(own), kind: 'opened', ...known, escalated: own.state.escalated, kept };
}

/** A stage is left by the calendar, or by another plan once its own time is over; a pause has missed nothing. */
function leftStage({ read, state }: LivingCase, { why, from, now }: Asked, next: Stage): Stage | undefined {
  if (from === undefined || why === 'calendar') return from;
  const ranOut = read.stageEndsAt !== null && read.stageEndsAt <= now;
  const goesOn = stages.indexOf(next) > stages.indexOf(from);
  return ranOut && goesOn && !state.afterHold ? from : undefined;
}

/** The task that an escalation brings, undefined when there is none. */
function escalationOut(
  own: LivingCase,
  { stage, counted, now }: { stage: Stage; counted: boolean; now: Instant },
  world: World,
): StageWork | undefined {
  const { read, plan } = own;
  const fleetWasReached =
    stage !== 'preparation' && read.fleetReachedAt !== null && read.fleetReachedAt >= (read.stageOpenedAt ?? Infinity);
  const escalation = escalateOutOf(stage, {
    unanswered: unansweredIn(own.stagePlan, stage),
    resultCounted: counted || fleetWasReached,
    handedOut: read.handedOut,
    mayBeCalled: mayBeWrittenTo(own, now),
  });
  if (escalation.kind === 'none') return undefined;
  if (escalation.kind === 'call-centre') read.callCentreSince ??= now;
  world.log.happened({ at: now, of: read.work, what: 'escalated', to: escalation.kind });
  const next = stageAfter(plan, stage);
  const from = Math.max(next?.opensAt ?? 0, read.openedAt);
  const latest = stageAfter(plan, next?.stage)?.opensAt ?? plan.closesAt;
  const dueAt = dueTimeOnceGiven(escalation.task, { from, latest, givenAt: now }, world.calendar);
  return { kind: escalation.task, occasion: stage, dueAt };
}

type Following = {
  stage: PlannedStage | undefined;
  isKept: boolean;
  now: Instant;
  escalated?: StageWork | undefined;
  /** What opens the stage. */
  asked?: Asked | undefined;
};

/** Work and messages as the stage has them by the plan. */
function follow(own: LivingCase, { stage, isKept, now, escalated, asked }: Following, world: World): void {
  const { read, plan } = own;
  if (stage) read.stageEndsAt = stage.endsAt;
  if (!isKept) expireLate(read.messages, now);
  if (stage) {
    const work = workOf(own, { stage, isKept, now, escalated, asked }, world);
    const step = { at: now, of: read.work, step: 'stage', stage: stage.stage, isKept, work } as const;
    world.log.works(escalated ? { ...step, escalated } : step);
    read.work.stage = stage.stage;
  }
  const moment = {
    now,
    openedOn: world.calendar.dayOf(read.openedAt),
    mayBeWrittenTo: (at: Instant) => mayBeWrittenTo(own, at),
  };
  for (const change of changeMessages(read.messages, { plan, stage: stage?.stage }, moment))
    apply(read.messages, change);
}

function workOf(
  { read, state, ...own }: LivingCase,
  { stage, now, ...step }: Following & { stage: PlannedStage },
  world: World,
): StageWork[] {
  const { expiresOn, openedAt, segment } = read;
  const facts = { stage, expiresOn, openedAt, segment, confirmed: state.confirmed };
  const planned = planStageWork(facts, own.stagePlan, world.calendar);
  const givenBack = workGivenBackTo(read, { stage: stage.stage, planned, now, ...step });
  const work = workOfPeople([...planned, ...givenBack], {
    isLeftAlone: !mayBeWrittenTo({ read, state, ...own }, now),
    isCallCentres: read.work.ownerId === null && state.owned && read.callCentreSince !== null,
  });
  if (work.every(({ dueAt }) => dueAt > now)) return work;
  const deadlineOf = ({ kind, occasion }: StageWork): Instant | undefined =>
    read.work.tasks.find((task) => task.state === 'open' && task.kind === kind && task.occasion === occasion)?.dueAt;
  return workInTime(work, { now, stageEndsAt: stage.endsAt, closesAt: own.plan.closesAt, deadlineOf }, world.calendar);
}

type Returning = Pick<Following, 'now' | 'escalated' | 'asked'> & { stage: Stage; planned: readonly StageWork[] };

/** What went with a stage before the forecast begins, and comes back with it. */
function workGivenBackTo(read: LivingCase['read'], { stage, planned, now, escalated, asked }: Returning): StageWork[] {
  const { tasks } = read.work;
  const turn = { from: asked?.from, to: stage, resultCounted: asked?.counted ?? false };
  const escalations = asked?.why === 'other' ? escalationsGivenBack(tasks, turn) : [];
  if (escalations.some(({ kind }) => kind === 'call-centre-case')) read.callCentreSince ??= now;
  return [
    ...workGivenBack(tasks, { stage, work: planned }),
    ...escalations.filter(({ kind }) => kind !== escalated?.kind),
  ];
}

/** What a stage left planned is not sent any more once its touches lie in the past. */
function expireLate(messages: readonly ForecastMessage[], now: Instant): void {
  for (const message of messages) {
    if (message.state === 'planned' && message.latestAt < now) {
      Object.assign(message, { state: 'expired', reason: 'stage-ended' });
    }
  }
}

function apply(messages: ForecastMessage[], change: MessageChange): void {
  const { touch, channel } = change;
  const known = messages.find((one) => one.touch === touch && one.channel === channel);
  if (change.kind === 'dropped') {
    if (known) Object.assign(known, { state: 'cancelled', reason: notInPlan });
    return;
  }
  const { template, dueAt, latestAt } = change.planned;
  const planned = { template, dueAt, latestAt, ...stateAfter(change.kind) };
  if (known) Object.assign(known, planned);
  else messages.push({ touch, channel, ...planned, cameTo: false, heldUntil: null });
}

function stateAfter(kind: Exclude<MessageChange['kind'], 'dropped'>): Pick<ForecastMessage, 'state' | 'reason'> {
  switch (kind) {
    case 'added':
    case 'moved':
      return { state: 'planned', reason: null };
    case 'late':
      return { state: 'expired', reason: 'day-has-passed' };
    case 'left-alone':
      return { state: 'suppressed', reason: 'do-not-contact' };
  }
}

/** The work of a case that closes falls away. */
export function foreseeClose(
  own: LivingCase,
  { at, outcome }: { at: Instant; outcome: NonNullable<CaseState['closed']> },
  { log }: World,
): void {
  log.happened({ at, of: own.read.work, what: 'closed', outcome: outcome.kind });
  log.works({ at, of: own.read.work, step: 'close' });
  own.state = { ...own.state, closed: outcome };
}
