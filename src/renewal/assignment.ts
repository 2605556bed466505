import type { Day } from './calendar.ts';
import { isNegotiatedOnce, roleFor, type TaskKind, type TaskRole } from './task.ts';

/** @public Why somebody has a task: the rule that gave it. The glossary is compared with it. */
export const assignmentReasons = ['own-customer', 'cover-departure', 'cover-absence', 'cover-load', 'queue'] as const;
type AssignmentReason = (typeof assignmentReasons)[number];

/** What keeps somebody from a task. */
export type Hindrance = Extract<AssignmentReason, `cover-${string}`>;

export type Assignment = { assigneeId: string | null; because: AssignmentReason };

/** What somebody has on their hands. Absences include both days; a capacity of null knows no limit. */
export type Workload = {
  staffId: string;
  departedOn: Day | null;
  absences: readonly { fromOn: Day; toOn: Day }[];
  openTasks: number;
  /** Other customers for whom they have something to do. */
  customers: number;
  customerCapacity: number | null;
  /** Contacts that are due, by day. */
  contacts: Readonly<Record<Day, number>>;
  contactsPerDay: number | null;
};

/** The days on which a task can first be done and is due, and whether it is a contact with a customer. */
export type Assigned = { givenOn: Day; dueOn: Day; isContact: boolean };

/** business.md, Figures: one specialist looks after 1,500 valid customers and makes 20 contacts a day. */
const specialistCapacity = { customers: 1_500, contactsPerDay: 20 };

/** What somebody of a role can carry unless their staff record says otherwise; null where there is no limit. */
export function capacityOf(role: TaskRole): { customers: number | null; contactsPerDay: number | null } {
  return role === 'specialist' ? specialistCapacity : { customers: null, contactsPerDay: null };
}

const contactKinds: ReadonlySet<TaskKind> = new Set([
  'first-contact',
  'phone-attempt',
  'key-client-visit',
  'second-visit',
  'last-offer',
  'call-back',
]);

/** Whether doing the task means to see or call a customer. */
export function isContactKind(kind: TaskKind): boolean {
  return contactKinds.has(kind);
}

/** Why a task cannot be given to somebody, undefined when it can. */
export function hindranceOf(person: Workload, task: Assigned): Hindrance | undefined {
  if (person.departedOn !== null && person.departedOn <= task.dueOn) return 'cover-departure';
  const isAway = (day: Day): boolean => person.absences.some(({ fromOn, toOn }) => fromOn <= day && day <= toOn);
  // A deadline that has passed says nothing about who is there from now on.
  const isAhead = task.dueOn >= task.givenOn;
  if (isAway(task.givenOn) || (isAhead && isAway(task.dueOn))) return 'cover-absence';
  const isFull = person.customerCapacity !== null && person.customers >= person.customerCapacity;
  const hasNoTime = person.contactsPerDay !== null && (person.contacts[task.dueOn] ?? 0) >= person.contactsPerDay;
  return isFull || (task.isContact && hasNoTime) ? 'cover-load' : undefined;
}

/**
 * Who gets a task: its first choice, else the least loaded of the others who can take it, else the role's queue. Equal
 * loads go by staff number, so that the same facts give the same answer (business.md, Figures, capacity).
 */
export function chooseAssignee(first: Workload | undefined, others: readonly Workload[], task: Assigned): Assignment {
  const hindrance = first && hindranceOf(first, task);
  if (first && hindrance === undefined) return { assigneeId: first.staffId, because: 'own-customer' };
  const [next] = others
    .filter((person) => person.staffId !== first?.staffId && hindranceOf(person, task) === undefined)
    .toSorted(byLoad);
  return first && hindrance && next ? { assigneeId: next.staffId, because: hindrance } : inQueue;
}

/** The people of a case by staff number: its owner, whom its list names, who leads its team, who negotiates for its fleet. */
export type PeopleOfCase = {
  ownerId: string | null;
  specialistId: string | null;
  supervisorId: string | null;
  leaderId: string | null;
  negotiatorId: string | null;
};

/**
 * Whose task it is before anybody looks who is there; null where the role's queue takes it: the call centre, managers, or an
 * agent's task of an orphan. The leader of the team comes before the supervisor whom the list names: owners change.
 */
export function firstChoiceFor(kind: TaskKind, people: PeopleOfCase): string | null {
  const role = roleFor(kind);
  switch (role) {
    case 'agent':
      return (isNegotiatedOnce(kind) ? people.negotiatorId : null) ?? people.ownerId;
    case 'specialist':
      return people.specialistId;
    case 'supervisor':
      return people.leaderId ?? people.supervisorId;
    case 'call-centre':
    case 'channel-manager':
    case 'general-manager':
      return null;
  }
}

/** Whoever of the role comes first takes it. */
const inQueue: Assignment = { assigneeId: null, because: 'queue' };

/** Orders people by how much they have to do, equals by staff number. */
export function byLoad(one: Workload, other: Workload): number {
  return one.openTasks - other.openTasks || (one.staffId < other.staffId ? -1 : 1);
}
