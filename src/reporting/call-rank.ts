import { and, eq, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { customers } from '../db/schema/customers.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { dayMs } from '../renewal/calendar.ts';
import { fullWeight, halfWeightPremium, lateLift, latestDays } from '../renewal/worklist.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

/** Where a page ended. `asOf` is the business instant (ms) at which the list was ranked; all its pages keep to it. */
type CallPosition = { asOf: number; place: number; order: number; id: string };

/** `zone` is the business zone, by which a policy's last day ends. */
export type CallListRequest = {
  viewer: Viewer;
  asOf: number;
  zone: string;
  from?: CallPosition | undefined;
  limit: number;
};

/**
 * The cases that a branch's call centre has to call, in their order at a business instant: place 0 is a call-back whose
 * time has come, 1 a case to be called at any time, 2 a call-back of later. Within 0 and 2 the earlier promise comes
 * first, within 1 the higher score of `rankTask`, whose deadline is here the end of the policy.
 */
export function rankCalls(db: Db, { viewer, asOf, zone, from, limit }: CallListRequest) {
  const now = new Date(asOf);
  const at = sql`${now.toISOString()}::timestamptz`;
  const dueCallBacks = callBacksDue(db, viewer.branchId ?? '');
  const promised = sql`coalesce(${renewals.callBackAt}, ${dueCallBacks.since})`;
  const place = sql<number>`(case when ${promised} is null then 1 when ${promised} <= ${at} then 0 else 2 end)`;
  const order = sql<number>`coalesce(extract(epoch from ${promised})::float8, -(${scoreAt(at, zone)}))`;
  const promisedAt = sql<Date | null>`${promised}`.mapWith(renewals.callBackAt);
  return db
    .select({ id: renewals.id, promisedAt, place, order })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .leftJoin(dueCallBacks, eq(dueCallBacks.renewalId, renewals.id))
    .where(
      and(
        callCentreCases(viewer),
        mayBeCalled(now),
        from && sql`(${place}, ${order}, ${renewals.id}) > (${from.place}::int, ${from.order}::float8, ${from.id})`,
      ),
    )
    .orderBy(place, order, renewals.id)
    .limit(limit);
}

/** Since when a promised call-back waits, for the cases where one does. */
function callBacksDue(db: Db, branchId: string) {
  return db
    .select({ renewalId: tasks.renewalId, since: sql<Date>`min(${tasks.createdAt})`.as('since') })
    .from(tasks)
    .where(and(eq(tasks.branchId, branchId), eq(tasks.kind, 'call-back'), eq(tasks.state, 'open')))
    .groupBy(tasks.renewalId)
    .as('due_call_backs');
}

/** Handed to the call centre of the viewer's branch or offered to it; found by an index of their own. */
function callCentreCases(viewer: Viewer): SQL | undefined {
  return and(
    sql`${renewals.id} in (
      select id from renewals where branch_id = ${viewer.branchId} and outcome is null and call_centre_since is not null
      union all select renewal_id from handover_items where channel = 'call-centre' and state = 'offered')`,
    renewalsVisibleTo({ ...viewer, roles: ['call-centre'] }),
  );
}

/**
 * Open, nobody holds it, no second round runs, and neither the customer nor anybody else with that phone has refused to be
 * contacted (business.md, Contact results).
 */
function mayBeCalled(now: Date): SQL | undefined {
  return and(
    isNull(renewals.outcome),
    isNull(renewals.refusedContactAt),
    isNull(renewals.secondRoundDueAt),
    or(isNull(renewals.heldUntil), lte(renewals.heldUntil, now)),
    or(isNull(customers.doNotContactUntil), lte(customers.doNotContactUntil, now)),
    sql`not exists (select 1 from customers other
      where other.phone = ${customers.phone} and other.do_not_contact_until > ${now.toISOString()}::timestamptz)`,
  );
}

/** The arithmetic of `rankTask`; a test holds the two together. */
function scoreAt(at: SQL, zone: string): SQL {
  const premium = sql`${policies.premium}::float8`;
  const ends = sql`((${renewals.expiresOn} + 1)::timestamp at time zone ${zone})`;
  const daysLeft = sql`floor(extract(epoch from ${ends} - ${at})::float8 * 1000 / ${dayMs}::float8)`;
  const weight = sql`(1 + ${fullWeight}::float8 * ${premium} / (${premium} + ${halfWeightPremium}::float8))
    * (1 + least(${renewals.priority}, 100)::float8 / 100)`;
  return sql`case when ${daysLeft} < 0
    then ${lateLift}::float8 + ${weight} * (1 + least(-${daysLeft}, ${latestDays}::float8) / ${latestDays}::float8)
    else ${weight} / (1 + ${daysLeft}) end`;
}
