import { sql } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import type { Colleague } from '../../renewal/new-owner.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import type { HandoverRow } from '../orphans/handover-records.ts';

/** The branch of somebody who left, with what everybody has to do now, and the role that a new owner needs. */
export async function colleaguesOf(
  tx: Db,
  { agentId, branchId }: Pick<HandoverRow, 'agentId' | 'branchId'>,
  calendar: Calendar,
): Promise<{ role: string; colleagues: Colleague[]; now: Instant }> {
  const { now } = await readClock(tx);
  const today = sql`${calendar.dayOf(now)}::date`;
  const { rows } = await tx.execute<Colleague>(sql`
    select s.id, s.team_id as "teamId", s.roles, s.customer_capacity as "customerCapacity",
      coalesce(s.departed_on <= ${today}, false) as departed,
      exists (select 1 from absences a where a.staff_id = s.id and ${today} between a.from_on and a.to_on) as absent,
      (select count(*)::int from renewals r where r.owner_id = s.id and r.outcome is null) as "openCases"
    from staff s where s.branch_id = ${branchId} and s.id <> ${agentId}`);
  return { role: await roleOf(tx, agentId), colleagues: rows, now };
}

/** What telesales wrote is a specialist's, everything else an agent's. */
async function roleOf(tx: Db, agentId: string): Promise<string> {
  const { rows } = await tx.execute<{ isAgent: boolean; isSpecialist: boolean }>(sql`
    select 'agent' = any(roles) as "isAgent", 'specialist' = any(roles) as "isSpecialist" from staff where id = ${agentId}`);
  return rows[0]?.isSpecialist && !rows[0].isAgent ? 'specialist' : 'agent';
}
