import { sql } from 'drizzle-orm';
import type { Day } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/** Enters branches, teams and staff that a list names; what is known already is only filled up, never overruled. */
export async function enterStagedStaff(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(sql`
    insert into branches (id, name)
    select s.branch_id, min(s.branch_name) from staged_terms s where ${within(lines)} group by s.branch_id order by 1
    on conflict (id) do nothing`);
  await db.execute(sql`
    insert into teams (id, branch_id, supervisor_id)
    select s.supervisor_id, min(s.branch_id), s.supervisor_id from staged_terms s
    where ${within(lines)} and s.supervisor_id is not null group by s.supervisor_id order by 1
    on conflict (id) do update set supervisor_id = excluded.supervisor_id where teams.supervisor_id is null`);
  await db.execute(sql`
    with named (id, name, role, branch_id, team_id) as (
      select s.agent_id, s.agent_name, 'agent', s.branch_id, s.supervisor_id from staged_terms s where ${within(lines)}
      union all
      select s.supervisor_id, s.supervisor_name, 'supervisor', s.branch_id, s.supervisor_id
      from staged_terms s where ${within(lines)}
      union all
      select s.specialist_id, s.specialist_name, 'specialist', s.branch_id, null from staged_terms s where ${within(lines)}
    )
    insert into staff (id, name, roles, branch_id, team_id)
    select id, coalesce(min(name) filter (where name <> id), id), array_agg(distinct role), min(branch_id), min(team_id)
    from named where id is not null group by id order by id
    on conflict (id) do update set
      name = case when staff.name = staff.id then excluded.name else staff.name end,
      branch_id = coalesce(staff.branch_id, excluded.branch_id),
      team_id = coalesce(staff.team_id, excluded.team_id)
    where (staff.name = staff.id and excluded.name <> staff.id) or staff.branch_id is null
      or (staff.team_id is null and excluded.team_id is not null)`);
}

/** Marks the agents that the list calls departed; answers who was not marked before. */
export async function markDepartedAgents(db: Db, lines: StagedLines, today: Day): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    update staff set departed_on = ${today}
    where departed_on is null and 'agent' = any(roles)
      and id in (select s.agent_id from staged_terms s where ${within(lines)} and s.agent_departed)
    returning id`);
  return rows.map(({ id }) => id);
}
