import { eq, sql } from 'drizzle-orm';
import type { Day } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { monthLists } from '../schema/month-lists.ts';

/** Older lists are forgotten: a year of them tells every difference that anybody asks about. */
const keptLists = 24;

/** Writes down the open cases as the list of a period, once; answers whether it did it now. */
export async function takeHalfMonthList(db: Db, period: Day): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [taken] = await tx
      .insert(monthLists)
      .values({ period, takenAt: sql`business_now()`, cases: 0 })
      .onConflictDoNothing()
      .returning();
    if (!taken) return false;
    const { rowCount } = await tx.execute(sql`
      insert into month_list_entries (period, renewal_id, owner_id, team_id, specialist_id, expires_on, stage)
      select ${period}, r.id, r.owner_id, r.team_id, p.specialist_id, r.expires_on, r.stage
      from renewals r join policies p on p.id = r.policy_id where r.outcome is null`);
    await tx
      .update(monthLists)
      .set({ cases: rowCount ?? 0 })
      .where(eq(monthLists.period, period));
    await tx.execute(sql`delete from month_lists where period in (
      select period from month_lists order by period desc offset ${keptLists})`);
    return true;
  });
}
