import { asc, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { fleets } from '../db/schema/fleets.ts';
import { absences, staff, teams } from '../db/schema/organisation.ts';
import { capacityOf, type Workload } from '../renewal/assignment.ts';
import type { Day } from '../renewal/calendar.ts';
import type { TaskKind, TaskRole } from '../renewal/task.ts';

/** Somebody with what they have on their hands, which grows and shrinks as the forecast goes on. */
export type Person = Workload & {
  branchId: string | null;
  teamId: string | null;
  roles: readonly string[];
  contacts: Record<Day, number>;
  /** How many open tasks they have in each case. */
  openIn: Map<object, number>;
};

export type People = {
  all: readonly Person[];
  byId: ReadonlyMap<string, Person>;
  /** The leader of each team, and who negotiates for each fleet. */
  leaderOf: ReadonlyMap<string, string | null>;
  negotiatorOf: ReadonlyMap<string, string | null>;
};

/** Everybody who may get work, with their absences and limits, and with empty hands. */
export async function readPeople(db: Db): Promise<People> {
  const rows = await db.select().from(staff).orderBy(asc(staff.id));
  const leaves = Map.groupBy(await db.select().from(absences), ({ staffId }) => staffId);
  const all = rows.map((row): Person => {
    const limits = capacityOf(row.roles.includes('specialist') ? 'specialist' : 'agent');
    return {
      staffId: row.id,
      departedOn: row.departedOn,
      absences: leaves.get(row.id) ?? [],
      openTasks: 0,
      customers: 0,
      customerCapacity: row.customerCapacity ?? limits.customers,
      contacts: {},
      contactsPerDay: row.contactsPerDay ?? limits.contactsPerDay,
      branchId: row.branchId,
      teamId: row.teamId,
      roles: row.roles,
      openIn: new Map(),
    };
  });
  const led = await db.select({ id: teams.id, supervisorId: teams.supervisorId }).from(teams);
  const negotiated = await db.select({ id: fleets.id, negotiatorId: fleets.negotiatorId }).from(fleets);
  return {
    all,
    byId: new Map(all.map((person) => [person.staffId, person])),
    leaderOf: new Map(led.map(({ id, supervisorId }) => [id, supervisorId])),
    negotiatorOf: new Map(negotiated.map(({ id, negotiatorId }) => [id, negotiatorId])),
  };
}

/** Open tasks that no open case asks for, such as checks of closed ones and hand-overs, counted by whom and when. */
export type OtherWork = {
  assigneeId: string | null;
  role: TaskRole;
  branchId: string;
  kind: TaskKind;
  dueOn: Day;
  tasks: number;
};

export async function readOtherWork(db: Db, zone: string): Promise<OtherWork[]> {
  const { rows } = await db.execute<OtherWork>(sql`
    select t.assignee_id as "assigneeId", t.role, t.branch_id as "branchId", t.kind,
      ((t.due_at at time zone ${zone})::date)::text as "dueOn", count(*)::int as tasks
    from tasks t left join renewals r on r.id = t.renewal_id
    where t.state = 'open' and (r.id is null or r.outcome is not null)
    group by 1, 2, 3, 4, 5`);
  return rows;
}

/** A branch with all below it. */
export async function branchesUnder(db: Db, branchId: string): Promise<Set<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`
    with recursive under as (
      select id, 0 as depth from branches where id = ${branchId}
      union all select b.id, depth + 1 from branches b join under on b.parent_id = under.id where depth < 32
    ) select distinct id from under`);
  return new Set(rows.map(({ id }) => id));
}

/** What somebody can do on a day: their own number of contacts or the house's default, none while they are away. */
export function contactsPossible(person: Person, day: Day): number {
  const isAway = person.absences.some(({ fromOn, toOn }) => fromOn <= day && day <= toOn);
  const hasLeft = person.departedOn !== null && person.departedOn <= day;
  if (isAway || hasLeft) return 0;
  return person.contactsPerDay ?? capacityOf('specialist').contactsPerDay ?? 0;
}
