import { isContactKind } from '../renewal/assignment.ts';
import { addDays, type Day, type Instant } from '../renewal/calendar.ts';
import { plannedTaskKinds, stages, type Stage } from '../renewal/stage-plan.ts';
import type { StageWork } from '../renewal/stage-work.ts';
import { isNegotiatedOnce, type TaskKind } from '../renewal/task.ts';
import { escalationTasks } from '../renewal/task-change.ts';
import { workOfOneStage } from '../renewal/work-of-one-stage.ts';
import type { CaseOfWork, ForecastTask } from './forecast-case.ts';
import { give } from './give-tasks.ts';
import type { WorkStep } from './happenings.ts';
import { countDue, fleetOf, hold, type Office, type Parts, type Turn } from './office.ts';
import type { OtherWork } from './read-people.ts';
import { count, queueOf } from './tally.ts';

type Before = { cases: readonly CaseOfWork[]; otherWork: readonly OtherWork[]; now: Instant };

/**
 * Gives the work of all cases to people, in the order in which it comes up, as the rules of assignment do it
 * (renewal/assignment.ts): to the case's own people, or to the least loaded colleague who is there and has room, or to the
 * role's queue. `before` is what people have on their hands already. Counts into the tally, hands at each day's end.
 */
export function giveWork(steps: readonly WorkStep[], before: Before, parts: Parts): void {
  const office: Office = { ...parts, fleets: new Map(), colleagues: new Map(), from: before.now };
  for (const one of before.cases) takeOver(office, one);
  for (const work of before.otherWork) takeOtherWork(office, work);
  const days = [...parts.tally.days];
  for (const step of steps) {
    while (days[0] !== undefined && step.at >= dayEnd(office, days[0])) noteHands(office, days.shift() ?? '');
    act(office, step);
  }
  for (const day of days) noteHands(office, day);
}

function dayEnd({ calendar }: Office, day: Day): Instant {
  return calendar.instantOf(addDays(day, 1), 0);
}

/** Work that is open before the forecast begins; what is done or dropped is remembered, so that it is not given again. */
function takeOver(office: Office, one: CaseOfWork): void {
  for (const task of one.tasks.filter(({ state }) => state === 'open')) {
    hold(office, task, 1);
    if (task.dueAt >= office.from) countDue(office, task, 1);
  }
  if (one.fleetId === null) return;
  const fleet = fleetOf(office, one.fleetId);
  fleet.cases.add(one);
  fleet.tasks.push(...one.tasks.filter(({ kind }) => isNegotiatedOnce(kind)));
  one.tasks = one.tasks.filter(({ kind }) => !isNegotiatedOnce(kind));
}

function takeOtherWork(office: Office, work: OtherWork): void {
  const { assigneeId, role, branchId, kind, dueOn, tasks } = work;
  const person = assigneeId === null ? undefined : office.people.byId.get(assigneeId);
  if (person) person.openTasks += tasks;
  if (person && isContactKind(kind)) person.contacts[dueOn] = (person.contacts[dueOn] ?? 0) + tasks;
  if (person) person.openIn.set(work, tasks);
  const isAhead = dueOn >= office.calendar.dayOf(office.from);
  if (isAhead && office.counts(branchId)) {
    count(office.tally.of(dueOn, assigneeId ?? queueOf(role, branchId))?.due, kind, tasks);
  }
}

function act(office: Office, step: WorkStep): void {
  const { of: one, at } = step;
  switch (step.step) {
    case 'stage': {
      const { stage, isKept, work, escalated } = step;
      if (escalated) giveEscalation(office, { at, one, work: escalated });
      if (isKept) dropUnplanned(office, { one, stage, work });
      else leaveStage(office, { one, at, next: stage });
      one.stage = stage;
      if (one.fleetId !== null) fleetOf(office, one.fleetId).cases.add(one);
      return give(office, { at, one, work });
    }
    case 'give':
      return give(office, { at, one, work: step.work });
    case 'owner-leaves':
      one.ownerId = null;
      return;
    case 'close':
      one.isClosed = true;
      if (one.fleetId !== null) {
        fleetOf(office, one.fleetId).cases.delete(one);
        handOn(office, one, () => true);
      }
      return drop(office, { one, at, reason: 'case-closed', isDropped: () => true });
  }
}

/** Whoever has such a task of the case already, from an earlier stage, gets no second one beside it. */
function giveEscalation(office: Office, { at, one, work }: Turn & { work: StageWork }): void {
  const isOther = (task: ForecastTask): boolean =>
    task.state === 'open' && task.kind === work.kind && task.occasion !== work.occasion;
  if (!one.tasks.some(isOther)) give(office, { at, one, work: [work] });
}

function leaveStage(office: Office, { one, at, next }: Turn & { next: Stage }): void {
  if (one.stage === null) return;
  const isOfStage = ({ kind }: ForecastTask): boolean => workOfOneStage.includes(kind);
  if (one.fleetId !== null) handOn(office, one, isOfStage);
  const ahead = stages.slice(stages.indexOf(next));
  const goesBack = ahead.indexOf(one.stage) > 0;
  const isTakenBack = ({ kind, stage, assigneeId }: ForecastTask): boolean =>
    goesBack &&
    escalationTasks.includes(kind) &&
    stage !== null &&
    ahead.includes(stage) &&
    !(kind === 'call-centre-case' && assigneeId);
  const reason = `stage-ended:${one.stage}`;
  drop(office, { one, at, reason, isDropped: (task) => isOfStage(task) || isTakenBack(task) });
}

/** Another plan may have no such work in the stage. */
function dropUnplanned(
  office: Office,
  { one, stage, work }: { one: CaseOfWork; stage: Stage; work: readonly StageWork[] },
): void {
  const isPlannable = (kind: TaskKind): boolean => plannedTaskKinds.some((planned) => planned === kind);
  const isDropped = (task: ForecastTask): boolean =>
    task.stage === stage && isPlannable(task.kind) && !work.some(({ kind }) => kind === task.kind);
  drop(office, { one, at: office.from, reason: 'not-in-plan', isDropped });
}

type Dropping = Turn & { reason: string; isDropped: (task: ForecastTask) => boolean };

function drop(office: Office, { one, at, reason, isDropped }: Dropping): void {
  for (const task of tasksOf(office, one)) {
    if (task.state !== 'open' || task.holder !== one || !isDropped(task)) continue;
    hold(office, task, -1);
    if (task.dueAt > at) countDue(office, task, -1);
    Object.assign(task, { state: 'dropped', droppedReason: reason });
  }
}

function tasksOf(office: Office, one: CaseOfWork): ForecastTask[] {
  return one.fleetId === null ? one.tasks : [...one.tasks, ...fleetOf(office, one.fleetId).tasks];
}

/** What a fleet is asked through a case passes to another open case of the fleet in the same stage (business.md, Special lines). */
function handOn(office: Office, one: CaseOfWork, isPassed: (task: ForecastTask) => boolean): void {
  const { cases, tasks } = fleetOf(office, one.fleetId ?? '');
  for (const task of tasks.filter((each) => each.state === 'open' && each.holder === one && isPassed(each))) {
    const heirs = [...cases].filter((each) => each !== one && !each.isClosed && each.stage === task.stage);
    const [heir] = heirs.toSorted((a, b) => (`${a.expiresOn} ${a.id}` < `${b.expiresOn} ${b.id}` ? -1 : 1));
    if (!heir) continue;
    hold(office, task, -1);
    task.holder = heir;
    hold(office, task, 1);
  }
}

function noteHands({ people, tally }: Office, day: Day): void {
  const busy = people.all.filter(({ openTasks }) => openTasks > 0);
  const hands = busy.map(({ staffId, openTasks, openIn }) => [staffId, { openTasks, customers: openIn.size }] as const);
  tally.hands.set(day, new Map(hands));
}
