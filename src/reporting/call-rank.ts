import { sql, type SQL } from 'drizzle-orm';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { dayMs } from '../renewal/calendar.ts';
import { fullWeight, halfWeightPremium, lateLift, latestDays } from '../renewal/worklist.ts';

/** Ascending by place, then order. */
type CallRank = { promisedAt: SQL<Date | null>; place: SQL<number>; order: SQL<number> };

/**
 * Where a case stands in the call list at a business instant: place 0 is a call-back whose time has come, 1 a case to be
 * called at any time, 2 a call-back of later. Within 0 and 2 the earlier promise comes first, within 1 the higher score of
 * `rankTask`, whose deadline is here the end of the policy in the business zone.
 */
export function callCentreRank(now: Date, zone: string): CallRank {
  const at = sql`${now.toISOString()}::timestamptz`;
  const promised = sql`coalesce(${renewals.callBackAt}, (select min(${tasks.createdAt}) from ${tasks}
    where ${tasks.renewalId} = ${renewals.id} and ${tasks.kind} = 'call-back' and ${tasks.state} = 'open'))`;
  return {
    promisedAt: sql<Date | null>`${promised}`.mapWith(renewals.callBackAt),
    place: sql<number>`(case when ${promised} is null then 1 when ${promised} <= ${at} then 0 else 2 end)`,
    order: sql<number>`coalesce(extract(epoch from ${promised})::float8, -(${scoreAt(at, zone)}))`,
  };
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
