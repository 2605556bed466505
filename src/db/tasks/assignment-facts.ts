import { byLoad, isContactKind, type Assignment, type Workload } from '../../renewal/assignment.ts';
import type { Day } from '../../renewal/calendar.ts';
import { tellCounted } from '../../renewal/due-time.ts';
import { iso } from '../../renewal/explanation.ts';
import { isNegotiatedOnce, type TaskRole } from '../../renewal/task.ts';
import type { CaseWork, TaskToAssign } from '../cases/case-work.ts';

export type Asked = { task: TaskToAssign; role: TaskRole; first: string | null; givenOn: Day; dueOn: Day };

/** Whoever negotiates for the case's fleet, and whoever leads the team that has the case. */
export type Leads = { negotiatorId: string | null; leaderId: string | null };

type Choice = {
  work: CaseWork;
  leads: Leads;
  loads: { first: Workload | undefined; others: readonly Workload[] };
  assignment: Assignment;
};

/** What the choice of a task's assignee rests on, as its journal entry keeps it: people by staff number, loads, days. */
export function assignmentFacts(asked: Asked, { work, leads, loads, assignment }: Choice): Record<string, unknown> {
  const { task, role, first, givenOn, dueOn } = asked;
  const isContact = isContactKind(task.kind);
  const ownPeople = { ownerId: work.renewal.ownerId, ...listed(work), ...leads };
  return {
    step: 'giving',
    kind: task.kind,
    role,
    isContact,
    ofFleet: isNegotiatedOnce(task.kind) && leads.negotiatorId !== null,
    ownPeople,
    givenOn,
    startsAt: task.startsAt === undefined ? null : iso(task.startsAt),
    dueAt: iso(task.dueAt),
    dueOn,
    counted: tellCounted(task.counted),
    firstChoice: loads.first ? loadOf(loads.first, { dueOn, isContact }) : first,
    ...candidates(loads.others, assignment.assigneeId, { first, dueOn, isContact }),
  };
}

function listed({ policy }: CaseWork): Record<string, string | null> {
  return { specialistId: policy.specialistId, supervisorId: policy.supervisorId };
}

/**
 * The colleagues in the order in which the rule looks at them, up to the one who takes the task. Of those behind only how
 * many they are and who of them has least to do, so that a large branch makes no large entry and the order can be checked.
 */
export function candidates(
  others: readonly Workload[],
  assigneeId: string | null,
  { first, ...asked }: { first: string | null } & AskedLoad,
): { candidates: object[]; behind: { people: number; leastOpenTasks: number; staffId: string } | null } {
  const inOrder = others.filter(({ staffId }) => staffId !== first).toSorted(byLoad);
  const place = inOrder.findIndex(({ staffId }) => staffId === assigneeId);
  const lookedAt = place < 0 ? inOrder : inOrder.slice(0, place + 1);
  return {
    candidates: lookedAt.map((one) => loadOf(one, asked)),
    behind: leastOf(inOrder.slice(lookedAt.length)),
  };
}

/** Found without the order of the rule, which it is there to check. */
function leastOf(people: readonly Workload[]): { people: number; leastOpenTasks: number; staffId: string } | null {
  const leastOpenTasks = Math.min(...people.map(({ openTasks }) => openTasks));
  const least = people.filter(({ openTasks }) => openTasks === leastOpenTasks).map(({ staffId }) => staffId);
  const [staffId] = least.toSorted();
  return staffId === undefined ? null : { people: people.length, leastOpenTasks, staffId };
}

type AskedLoad = { dueOn: Day; isContact: boolean };

/** What says whether somebody can take a task that is due on a day; what does not limit them is left out. */
export function loadOf(person: Workload, { dueOn, isContact }: AskedLoad): Record<string, unknown> {
  const { staffId, openTasks, customers, customerCapacity, contacts, contactsPerDay, departedOn, absences } = person;
  return {
    staffId,
    openTasks,
    ...(customerCapacity === null ? {} : { customers, customerCapacity }),
    ...(isContact && contactsPerDay !== null ? { contacts: contacts[dueOn] ?? 0, contactsPerDay } : {}),
    ...(departedOn === null ? {} : { departedOn }),
    ...(absences.length === 0 ? {} : { absences }),
  };
}
