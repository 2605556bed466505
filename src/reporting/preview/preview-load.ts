import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { staff } from '../../db/schema/organisation.ts';
import { thesePeople, readWorkloads } from '../../db/tasks/workloads.ts';
import { firstChoiceFor, isContactKind } from '../../renewal/assignment.ts';
import { addDays, type Calendar, type Day, type Instant } from '../../renewal/calendar.ts';
import type { TaskChange } from '../../renewal/task-change.ts';
import { taskKinds } from '../../renewal/task.ts';
import type { PreviewedCase } from './preview-cases.ts';

/** Open tasks of somebody that are due on a day, and how many of them are contacts with customers. */
type LoadOfDay = { on: Day; before: number; after: number; contactsBefore: number; contactsAfter: number };

export type PersonLoad = {
  staffId: string;
  /** Contacts that they can make in a day; null knows no limit. */
  contactsPerDay: number | null;
  /** Tasks due in all days of the span. */
  before: number;
  after: number;
  /** Days with more contacts than they can make, before and after. */
  overBefore: number;
  overAfter: number;
  /** The days on which something changes. */
  days: LoadOfDay[];
};

export const loadDays = 60;

type Span = { from: Day; to: Day };

/** `seen`: whose load is told, as a condition on `staff`; everybody's when missing. */
type LoadsAsked = { calendar: Calendar; now: Instant; seen?: SQL | undefined };

/**
 * Adds up what a plan does to people's open tasks in the next 60 days. A task that it gives is counted for its first choice
 * (business.md, The stage plan): who covers for somebody on leave or full is known only when it is given.
 */
export async function countLoads(db: Db, { calendar, now, seen }: LoadsAsked) {
  const from = calendar.dayOf(now);
  const span = { from, to: addDays(from, loadDays - 1) };
  const loads = await readLoads(db, calendar, span);
  const negotiators = await readNegotiators(db);
  const put = (staffId: string | null, task: { kind: TaskChange['kind']; dueAt: Instant }, by: 1 | -1): void => {
    const on = calendar.dayOf(task.dueAt);
    if (staffId === null || on < span.from || on > span.to) return;
    const day = dayOf(loads, staffId, on);
    day.after += by;
    if (isContactKind(task.kind)) day.contactsAfter += by;
  };
  return {
    add: (one: PreviewedCase): void => {
      for (const change of one.following.tasks) {
        const { kind, occasion } = change;
        const has = one.assignees.get(`${kind}/${occasion}`) ?? null;
        if (change.change !== 'added') put(has, { kind, dueAt: change.from }, -1);
        if (change.change === 'moved') put(has, { kind, dueAt: change.dueAt }, 1);
        if (change.change === 'added') put(firstChoice(one, kind, negotiators), { kind, dueAt: change.dueAt }, 1);
      }
    },
    answer: async (): Promise<PersonLoad[]> => {
      const told = await onlySeen(db, loads, seen);
      const limits = await readLimits(db, [...told.keys()], { ...span, zone: calendar.zone });
      return [...told]
        .map(([staffId, days]) => loadOf(staffId, [...days.values()], limits.get(staffId) ?? null))
        .filter(({ days, overAfter }) => days.length > 0 || overAfter > 0)
        .toSorted((one, other) => (one.staffId < other.staffId ? -1 : 1));
    },
  };
}

function firstChoice(one: PreviewedCase, kind: TaskChange['kind'], negotiators: ReadonlyMap<string, string>) {
  const { ownerId, specialistId, fleetId } = one;
  const negotiatorId = (fleetId === null ? undefined : negotiators.get(fleetId)) ?? null;
  // A plan brings work of agents and specialists alone.
  return firstChoiceFor(kind, { ownerId, specialistId, negotiatorId, supervisorId: null, leaderId: null });
}

function loadOf(staffId: string, all: readonly LoadOfDay[], contactsPerDay: number | null): PersonLoad {
  const sum = (value: (day: LoadOfDay) => number): number => all.reduce((total, day) => total + value(day), 0);
  const isOver = (contacts: number): number => (contactsPerDay !== null && contacts > contactsPerDay ? 1 : 0);
  return {
    staffId,
    contactsPerDay,
    before: sum(({ before }) => before),
    after: sum(({ after }) => after),
    overBefore: sum(({ contactsBefore }) => isOver(contactsBefore)),
    overAfter: sum(({ contactsAfter }) => isOver(contactsAfter)),
    days: all.filter(hasChanged).toSorted((one, other) => (one.on < other.on ? -1 : 1)),
  };
}

function hasChanged({ before, after, contactsBefore, contactsAfter }: LoadOfDay): boolean {
  return before !== after || contactsBefore !== contactsAfter;
}

type Loads = Map<string, Map<Day, LoadOfDay>>;

function dayOf(loads: Loads, staffId: string, on: Day): LoadOfDay {
  const days = loads.get(staffId) ?? new Map<Day, LoadOfDay>();
  const day = days.get(on) ?? { on, before: 0, after: 0, contactsBefore: 0, contactsAfter: 0 };
  loads.set(staffId, days.set(on, day));
  return day;
}

async function readLoads(db: Db, { zone }: Calendar, { from, to }: Span): Promise<Loads> {
  const contactKinds = sql.join(
    taskKinds.filter(isContactKind).map((kind) => sql`${kind}`),
    sql`, `,
  );
  const { rows } = await db.execute<{ staffId: string; on: Day; tasks: number; contacts: number }>(sql`
    select assignee_id as "staffId", (due_at at time zone ${zone})::date::text as "on", count(*)::int as tasks,
      count(*) filter (where kind in (${contactKinds}))::int as contacts
    from tasks where state = 'open' and assignee_id is not null
      and due_at >= ${from}::timestamp at time zone ${zone}
      and due_at < (${to}::date + 1)::timestamp at time zone ${zone}
    group by 1, 2`);
  const loads: Loads = new Map();
  for (const { staffId, on, tasks, contacts } of rows) {
    const counts = { before: tasks, after: tasks, contactsBefore: contacts, contactsAfter: contacts };
    Object.assign(dayOf(loads, staffId, on), counts);
  }
  return loads;
}

async function onlySeen(db: Db, loads: Loads, seen: SQL | undefined): Promise<Loads> {
  if (!seen) return loads;
  const rows = await db.select({ id: staff.id }).from(staff).where(seen);
  const ids = new Set(rows.map(({ id }) => id));
  return new Map([...loads].filter(([staffId]) => ids.has(staffId)));
}

async function readNegotiators(db: Db): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ id: string; negotiatorId: string }>(
    sql`select id, negotiator_id as "negotiatorId" from fleets where negotiator_id is not null`,
  );
  return new Map(rows.map(({ id, negotiatorId }) => [id, negotiatorId]));
}

async function readLimits(db: Db, ids: readonly string[], span: Span & { zone: string }) {
  if (ids.length === 0) return new Map<string, number | null>();
  const people = await readWorkloads(db, thesePeople(ids), { ...span, exceptRenewalId: null });
  return new Map(people.map(({ staffId, contactsPerDay }) => [staffId, contactsPerDay]));
}
