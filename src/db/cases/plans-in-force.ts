import { eq } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import type { PublishedPlan } from './plan-records.ts';
import { storedPlan } from './stored-plan.ts';

/** Every stage plan in force, whatever its scope, by version. */
export async function readPlansInForce(db: Db): Promise<PublishedPlan[]> {
  const rows = await db.select().from(stagePlans).where(eq(stagePlans.inForce, true)).orderBy(stagePlans.version);
  return rows.map(({ version, content }) => ({ version, plan: storedPlan(content) }));
}
