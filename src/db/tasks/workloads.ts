import { sql, type SQL } from 'drizzle-orm';
import { capacityOf, isContactKind, type Workload } from '../../renewal/assignment.ts';
import type { Day } from '../../renewal/calendar.ts';
import { taskKinds, type TaskRole } from '../../renewal/task.ts';
import type { Db } from '../connection.ts';

/** From today to the day on which the last of the work is due; one case is not counted among the customers. */
export type Asking = { exceptRenewalId: string | null; from: Day; to: Day; zone: string };

// Beyond it nobody is asked how much more there is.
const countedTasks = 5_000;

const contactKinds = sql.join(
  taskKinds.filter(isContactKind).map((kind) => sql`${kind}`),
  sql`, `,
);

const limits = capacityOf('specialist');
const isSpecialist = sql`'specialist' = any(s.roles)`;
const customerCapacity = sql`coalesce(s.customer_capacity, case when ${isSpecialist} then ${limits.customers}::int end)`;
const contactsPerDay = sql`coalesce(s.contacts_per_day, case when ${isSpecialist} then ${limits.contactsPerDay}::int end)`;

/** What the people of a condition on `staff s` have on their hands. */
export async function readWorkloads(tx: Db, who: SQL, asking: Asking): Promise<Workload[]> {
  const { rows } = await tx.execute<Workload>(sql`
    select s.id as "staffId", s.departed_on::text as "departedOn",
      ${absencesIn(asking)} as absences,
      (select count(*) from (${openTasks(sql`1`)}) counted)::int as "openTasks",
      ${customerCapacity} as "customerCapacity",
      ${contactsPerDay} as "contactsPerDay",
      case when ${customerCapacity} is null then 0
        else ${customersOf(asking)} end as customers,
      case when ${contactsPerDay} is null then '{}'::json
        else ${contactsIn(asking)} end as contacts
    from staff s where ${who}`);
  return rows;
}

function openTasks(what: SQL): SQL {
  return sql`select ${what} from tasks t where t.assignee_id = s.id and t.state = 'open' limit ${countedTasks}`;
}

function customersOf({ exceptRenewalId }: Asking): SQL {
  return sql`(select count(distinct held.renewal_id) from (${openTasks(sql`t.renewal_id`)}) held
    where held.renewal_id is distinct from ${exceptRenewalId})::int`;
}

function absencesIn({ from, to }: Asking): SQL {
  return sql`(select coalesce(json_agg(json_build_object('fromOn', a.from_on, 'toOn', a.to_on)), '[]') from absences a
    where a.staff_id = s.id and a.from_on <= ${to} and a.to_on >= ${from})`;
}

function contactsIn({ from, to, zone }: Asking): SQL {
  const dueOn = sql`(t.due_at at time zone ${zone})::date`;
  return sql`(select coalesce(json_object_agg(by_day.due_on, by_day.contacts), '{}') from (
      select ${dueOn}::text as due_on, count(*) as contacts from tasks t
      where t.assignee_id = s.id and t.state = 'open' and t.kind in (${contactKinds})
        and t.due_at >= ${from}::timestamp at time zone ${zone}
        and t.due_at < (${to}::date + 1)::timestamp at time zone ${zone}
      group by 1) by_day)`;
}

/** Somebody by staff number. */
export function thesePeople(ids: readonly string[]): SQL {
  return sql`s.id in ${ids}`;
}

/** Everybody of a role in the place of a task: agents and supervisors by team, the others by branch. */
export function peopleOf(role: TaskRole, place: { branchId: string; teamId: string | null }): SQL {
  const ofRole = sql`${role} = any(s.roles) and s.branch_id = ${place.branchId}`;
  if (role !== 'agent' && role !== 'supervisor') return ofRole;
  return sql`${ofRole} and s.team_id is not distinct from ${place.teamId}`;
}
