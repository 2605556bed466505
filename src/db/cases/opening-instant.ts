import { inArray, sql } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { renewals } from '../schema/renewals.ts';

/** When the first of these cases was opened; undefined when there is none. */
export async function firstOpenedAt(db: Db, ids: readonly string[]): Promise<Instant | undefined> {
  if (ids.length === 0) return undefined;
  const [first] = await db
    .select({ at: sql<Date | null>`min(${renewals.openedAt})`.mapWith(renewals.openedAt) })
    .from(renewals)
    .where(inArray(renewals.id, [...ids]));
  return first?.at?.getTime();
}
