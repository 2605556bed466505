import {
  chooseAssignee,
  firstChoiceFor,
  hindranceOf,
  isContactKind,
  type Assignment,
  type Workload,
} from '../renewal/assignment.ts';
import type { Instant } from '../renewal/calendar.ts';
import { isGivenAgain } from '../renewal/task-change.ts';
import type { StageWork } from '../renewal/stage-work.ts';
import { isNegotiatedOnce, roleFor, type TaskRole } from '../renewal/task.ts';
import type { CaseOfWork, ForecastTask } from './forecast-case.ts';
import { countDue, fleetOf, hold, whoHas, type Office, type Turn } from './office.ts';
import type { Person } from './read-people.ts';
import { count } from './tally.ts';

/** Every task of one step is given by the loads as they stood before it. */
export function give(office: Office, { at, one, work }: Turn & { work: readonly StageWork[] }): void {
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
