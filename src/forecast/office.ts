import { isContactKind } from '../renewal/assignment.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { CaseOfWork, ForecastTask } from './forecast-case.ts';
import type { People, Person } from './read-people.ts';
import { count, queueOf, type Tally } from './tally.ts';

/** `counts` says whether the cases of a branch are counted; all of them are worked. */
export type Parts = { people: People; tally: Tally; calendar: Calendar; counts: (branchId: string) => boolean };

/** What a fleet does once for all of its vehicles, and its cases. */
export type FleetWork = { cases: Set<CaseOfWork>; tasks: ForecastTask[] };

export type Office = Parts & { fleets: Map<string, FleetWork>; colleagues: Map<string, Person[]>; from: Instant };

/** A case at an instant at which something changes in its work. */
export type Turn = { at: Instant; one: CaseOfWork };

export function fleetOf({ fleets }: Office, id: string): FleetWork {
  const known = fleets.get(id) ?? { cases: new Set<CaseOfWork>(), tasks: [] };
  fleets.set(id, known);
  return known;
}

/** A person by staff number, or the role's queue. */
export function whoHas({ assigneeId, role, holder }: ForecastTask): string {
  return assigneeId ?? queueOf(role, holder.branchId);
}

/** Counts a task on the day on which it is due, or takes it from that day again. */
export function countDue(office: Office, task: ForecastTask, by: 1 | -1): void {
  if (!office.counts(task.holder.branchId)) return;
  count(office.tally.of(office.calendar.dayOf(task.dueAt), whoHas(task))?.due, task.kind, by);
}

/** Puts an open task into the hands of whoever has it, or takes it out of them. */
export function hold({ people, calendar }: Office, task: ForecastTask, by: 1 | -1): void {
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
