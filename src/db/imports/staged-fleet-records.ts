import { eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { enterFleet } from '../cases/special-line-records.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/** Open cases whose policy a list now counts to a fleet, or to another one, join it. */
export async function joinStagedFleets(db: Db, lines: StagedLines): Promise<void> {
  const { rows } = await db.execute<{ id: string; branchId: string; number: string; known: string | null }>(sql`
    select r.id, r.branch_id as "branchId", s.fleet_number as number, r.fleet_id as known
    from staged_terms s join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
    join renewals r on r.policy_id = p.id
    where ${within(lines)} and s.fleet_number is not null and r.outcome is null
    order by r.id for no key update of r`);
  for (const { id, known, ...fleet } of rows) {
    const fleetId = await enterFleet(db, fleet);
    if (fleetId === known) continue;
    await db.update(renewals).set({ fleetId }).where(eq(renewals.id, id));
    await journalise(db, [{ chain: id, actor: 'system', event: 'fleet-joined', reason: 'list', inputs: { fleetId } }]);
  }
}
