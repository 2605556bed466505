import { inArray } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { renewals } from '../schema/renewals.ts';

/** The stage plan version that each case follows, by its id, for the explanation of what is decided about many at once. */
export async function planVersionsOf(tx: Db, ids: readonly (string | null)[]): Promise<Map<string | null, number>> {
  const cases = [...new Set(ids.filter((id) => id !== null))];
  if (cases.length === 0) return new Map();
  const rows = await tx
    .select({ id: renewals.id, planVersion: renewals.planVersion })
    .from(renewals)
    .where(inArray(renewals.id, cases));
  return new Map(rows.map(({ id, planVersion }) => [id, planVersion]));
}
