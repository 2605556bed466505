import { eq } from 'drizzle-orm';
import type { SendingWindow } from '../../renewal/sending-limits.ts';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { storedPlan } from './stored-plan.ts';

/** The sending window of each stage plan in force, by its version. */
export async function readWindowsInForce(db: Db): Promise<{ version: number; window: SendingWindow }[]> {
  const rows = await db.select().from(stagePlans).where(eq(stagePlans.inForce, true)).orderBy(stagePlans.version);
  return rows.map(({ version, content }) => ({ version, window: storedPlan(content).sendingWindow }));
}
