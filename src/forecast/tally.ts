import type { Day } from '../renewal/calendar.ts';
import type { TaskKind } from '../renewal/task.ts';
import { isContactKind } from '../renewal/assignment.ts';

/** What is counted of one day and one person or queue; tasks by the day on which they are given and on which they are due. */
export type Counts = {
  sms: number;
  email: number;
  given: Partial<Record<TaskKind, number>>;
  due: Partial<Record<TaskKind, number>>;
  escalated: Record<string, number>;
};

/** What is counted of one day over everybody. */
type DayCounts = {
  notSent: Record<string, number>;
  stages: Record<string, number>;
  opened: number;
  closed: Record<string, number>;
};

/** How much somebody has on their hands at the end of a day. */
type Hands = { openTasks: number; customers: number };

/** Kinds of tasks that are done on the telephone. */
const callKinds: readonly TaskKind[] = ['phone-attempt', 'call-back', 'call-centre-case'];

/** Everything that happens in the days of a forecast, by day and by person or queue (`role@branch`). */
export type Tally = {
  days: readonly Day[];
  /** The counts of somebody on a day; undefined for a day that the forecast does not cover. */
  of: (day: Day, who: string) => Counts | undefined;
  onDay: (day: Day) => DayCounts | undefined;
  byDay: ReadonlyMap<Day, ReadonlyMap<string, Counts>>;
  dayCounts: ReadonlyMap<Day, DayCounts>;
  /** At the end of each day, of people only. */
  hands: Map<Day, Map<string, Hands>>;
};

export function openTally(days: readonly Day[]): Tally {
  const byDay = new Map(days.map((day) => [day, new Map<string, Counts>()]));
  const dayCounts = new Map(
    days.map((day): [Day, DayCounts] => [day, { notSent: {}, stages: {}, opened: 0, closed: {} }]),
  );
  return {
    days,
    byDay,
    dayCounts,
    hands: new Map(),
    onDay: (day) => dayCounts.get(day),
    of: (day, who) => {
      const people = byDay.get(day);
      if (!people) return undefined;
      const known = people.get(who) ?? { sms: 0, email: 0, given: {}, due: {}, escalated: {} };
      if (!people.has(who)) people.set(who, known);
      return known;
    },
  };
}

/** Adds to a count by its name. */
export function count<Name extends string>(
  counts: Partial<Record<Name, number>> | undefined,
  name: Name,
  by = 1,
): void {
  if (counts) counts[name] = (counts[name] ?? 0) + by;
}

export function sum(counts: Partial<Record<string, number>>): number {
  return Object.values(counts).reduce<number>((total, one) => total + (one ?? 0), 0);
}

/** Calls that are due: attempts to reach somebody, call-backs, and what the call centre works. */
export function callsDue({ due }: Pick<Counts, 'due'>): number {
  return callKinds.reduce((calls, kind) => calls + (due[kind] ?? 0), 0);
}

/** Visits and calls that are due, as the rules of assignment count them against a person's day. */
export function contactsDue({ due }: Pick<Counts, 'due'>): number {
  return Object.entries(due).reduce((all, [kind, one]) => all + (isContactKind(kind as TaskKind) ? one : 0), 0);
}

/** The queue of a role in a branch, for what nobody in particular has. */
export function queueOf(role: string, branchId: string): string {
  return `${role}@${branchId}`;
}
