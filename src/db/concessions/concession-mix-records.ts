import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { Day } from '../../renewal/calendar.ts';
import type { Granted } from '../../renewal/concession-mix.ts';
import type { Db } from '../connection.ts';
import { concessions } from '../schema/concessions.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

export type MixCut = {
  /** Days of expiry, both included. */
  from: Day;
  to: Day;
  /** A condition on `renewals` and `policies`. */
  where: SQL | undefined;
  /** Counted as if nothing had been granted to this customer. */
  without?: string | undefined;
};

/**
 * How many customers of the renewable cases that expire in a period may get which percentage: the highest one approved on
 * any of their cases there, 0 without one.
 */
export async function readGranted(db: Db, { from, to, where, without }: MixCut): Promise<Granted[]> {
  const { customerId } = policies;
  const approved = sql`coalesce(max(${concessions.percent}) filter (where ${concessions.state} = 'approved'), 0)`;
  const percent =
    without === undefined ? approved : sql`case ${customerId} when ${without} then 0 else ${approved} end`;
  const perCustomer = db
    .select({ customerId, percent: sql<string>`${percent}`.as('percent') })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .leftJoin(concessions, eq(concessions.renewalId, renewals.id))
    .where(and(sql`${renewals.expiresOn} between ${from} and ${to}`, eq(renewals.renewable, true), where))
    .groupBy(customerId)
    .as('per_customer');
  const rows = await db
    .select({ percent: perCustomer.percent, customers: sql<number>`count(*)::int` })
    .from(perCustomer)
    .groupBy(perCustomer.percent);
  return rows.map((row) => ({ percent: Number(row.percent), customers: row.customers }));
}
