import { and, inArray, isNull } from 'drizzle-orm';
import { planCase } from '../../renewal/case-plan.ts';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { readPlanInForce } from './plan-records.ts';
import { renewals } from '../schema/renewals.ts';

/** When the first of these cases closes by the calendar; undefined when none of them is open. */
export async function firstCloseOf(db: Db, ids: readonly string[], calendar: Calendar): Promise<Instant | undefined> {
  if (ids.length === 0) return undefined;
  const open = await db
    .select()
    .from(renewals)
    .where(and(inArray(renewals.id, [...ids]), isNull(renewals.outcome)));
  if (open.length === 0) return undefined;
  const closes = open.map(async (renewal) => {
    const { plan } = await readPlanInForce(db, renewal);
    return planCase({ ...renewal, spreadKey: renewal.id }, plan, calendar).closesAt;
  });
  return Math.min(...(await Promise.all(closes)));
}
