import {
  chooseAssignee,
  firstChoiceFor,
  hindranceOf,
  isContactKind,
  type Assignment,
  type Workload,
} from '../renewal/assignment.ts';
import { addDays, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import { isGivenAgain } from '../renewal/plan-change.ts';
import { plannedTaskKinds, stages, type Stage } from '../renewal/stage-plan.ts';
import type { StageWork } from '../renewal/stage-work.ts';
import { isNegotiatedOnce, roleFor, type TaskKind, type TaskRole } from '../renewal/task.ts';
import { workOfOneStage } from '../renewal/work-of-one-stage.ts';
import type { CaseOfWork, ForecastTask } from './forecast-case.ts';
import type { WorkStep } from './happenings.ts';
import type { OtherWork, People, Person } from './read-people.ts';
import { count, queueOf, type Tally } from './tally.ts';

type Parts = { people: People; tally: Tally; calendar: Calendar; counts: (branchId: string) => boolean };

/** What a fleet does once for all of its vehicles, and its cases. */
type FleetWork = { cases: Set<CaseOfWork>; tasks: ForecastTask[] };

type Office = Parts & { fleets: Map<string, FleetWork>; colleagues: Map<string, Person[]>; from: Instant };

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

function fleetOf({ fleets }: Office, id: string): FleetWork {
  const known = fleets.get(id) ?? { cases: new Set<CaseOfWork>(), tasks: [] };
  fleets.set(id, known);
  return known;
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

type Turn = { at: Instant; one: CaseOfWork };

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
    escalations.includes(kind) &&
    stage !== null &&
    ahead.includes(stage) &&
    !(kind === 'call-centre-case' && assigneeId);
  const reason = `stage-ended:${one.stage}`;
  drop(office, { one, at, reason, isDropped: (task) => isOfStage(task) || isTakenBack(task) });
}

const escalations: readonly TaskKind[] = ['accept-reminder', 'coaching', 'call-centre-case'];

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

/** Every task of one step is given by the loads as they stood before it. */
function give(office: Office, { at, one, work }: Turn & { work: readonly StageWork[] }): void {
  const chosen = work.map((each) => ({ each, to: choose(office, { at, one, work: each }) }));
  for (const { each, to } of chosen) giveOne(office, { at, one, work: each, to });
}

function giveOne(office: Office, { at, one, work, to }: Turn & { work: StageWork; to: Assignment }): void {
  const { kind, occasion, dueAt } = work;
  const isShared = one.fleetId !== null && isNegotiatedOnce(kind);
  const own = one.fleetId !== null && isShared ? fleetOf(office, one.fleetId).tasks : one.tasks;
  const known = own.find((task) => task.kind === kind && task.occasion === occasion);
  if (known?.state === 'open') {
    if (known.holder === one) moveDue(office, known, dueAt);
    return;
  }
  if (known && !isGivenAgain(known) && (known.state !== 'dropped' || known.holder === one)) return;
  const given = { state: 'open', droppedReason: null, holder: one, assigneeId: to.assigneeId, dueAt };
  const task: ForecastTask = known
    ? Object.assign(known, given)
    : { ...given, kind, occasion, role: roleFor(kind), stage: one.stage };
  if (!known) own.push(task);
  hold(office, task, 1);
  countDue(office, task, 1);
  if (office.counts(one.branchId)) count(office.tally.of(office.calendar.dayOf(at), whoHas(task))?.given, kind);
}

function moveDue(office: Office, task: ForecastTask, dueAt: Instant): void {
  if (task.dueAt === dueAt) return;
  hold(office, task, -1);
  if (task.dueAt >= office.from) countDue(office, task, -1);
  task.dueAt = dueAt;
  hold(office, task, 1);
  countDue(office, task, 1);
}

function whoHas({ assigneeId, role, holder }: ForecastTask): string {
  return assigneeId ?? queueOf(role, holder.branchId);
}

function countDue(office: Office, task: ForecastTask, by: 1 | -1): void {
  if (!office.counts(task.holder.branchId)) return;
  count(office.tally.of(office.calendar.dayOf(task.dueAt), whoHas(task))?.due, task.kind, by);
}

/** Puts an open task into the hands of whoever has it, or takes it out of them. */
function hold({ people, calendar }: Office, task: ForecastTask, by: 1 | -1): void {
  const person = task.assigneeId === null ? undefined : people.byId.get(task.assigneeId);
  if (!person) return;
  person.openTasks += by;
  const left = (person.openIn.get(task.holder) ?? 0) + by;
  if (left > 0) person.openIn.set(task.holder, left);
  else person.openIn.delete(task.holder);
  if (!isContactKind(task.kind)) return;
  const dueOn = calendar.dayOf(task.dueAt);
  person.contacts[dueOn] = (person.contacts[dueOn] ?? 0) + by;
}

function choose(office: Office, { at, one, work }: Turn & { work: StageWork }): Assignment {
  const { people, calendar } = office;
  const leaderId = one.teamId === null ? null : (people.leaderOf.get(one.teamId) ?? null);
  const negotiatorId = one.fleetId === null ? null : (people.negotiatorOf.get(one.fleetId) ?? null);
  const { ownerId, specialistId, supervisorId } = one;
  const firstId = firstChoiceFor(work.kind, { ownerId, specialistId, supervisorId, leaderId, negotiatorId });
  const first = firstId === null ? undefined : people.byId.get(firstId);
  const occasion = {
    givenOn: calendar.dayOf(Math.max(at, work.startsAt ?? 0)),
    dueOn: calendar.dayOf(work.dueAt),
    isContact: isContactKind(work.kind),
  };
  const asked = first && withCustomers(first, one);
  const isHindered = asked !== undefined && hindranceOf(asked, occasion) !== undefined;
  const others = isHindered
    ? colleaguesOf(office, roleFor(work.kind), one).map((each) => withCustomers(each, one))
    : [];
  return chooseAssignee(asked, others, occasion);
}

/** The case itself is not counted among the customers. */
function withCustomers(person: Person, one: CaseOfWork): Workload {
  person.customers = person.openIn.size - (person.openIn.has(one) ? 1 : 0);
  return person;
}

/** Everybody of a role in the place of a case: agents and supervisors by team, the others by branch. */
function colleaguesOf({ people, colleagues }: Office, role: TaskRole, { branchId, teamId }: CaseOfWork): Person[] {
  const isOfTeam = role === 'agent' || role === 'supervisor';
  const key = isOfTeam ? `${role} ${branchId} ${teamId ?? ''}` : `${role} ${branchId}`;
  const isThere = (person: Person): boolean =>
    person.roles.includes(role) && person.branchId === branchId && (!isOfTeam || person.teamId === teamId);
  const known = colleagues.get(key) ?? people.all.filter(isThere);
  colleagues.set(key, known);
  return known;
}

function noteHands({ people, tally }: Office, day: Day): void {
  const busy = people.all.filter(({ openTasks }) => openTasks > 0);
  const hands = busy.map(({ staffId, openTasks, openIn }) => [staffId, { openTasks, customers: openIn.size }] as const);
  tally.hands.set(day, new Map(hands));
}
