import { eq, getTableColumns, sql, type SQL } from 'drizzle-orm';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import type { PlanScope } from '../cases/plan-records.ts';
import { storedPlan } from '../cases/stored-plan.ts';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/stage-plans.ts';

/** The chain of the journal that tells who drafted, changed, discarded and published which version. */
export const plansChain = 'stage-plans';

/**
 * By its content alone: what is the same in another order of fields has the same hash. A draft that gives its scope back has
 * that of the plan which the scope would follow now.
 */
const planHash = sql<string>`case when ${stagePlans.followsWider} and ${stagePlans.state} = 'draft'
  then plan_hash(plan_in_force(${stagePlans.branchId}, ${stagePlans.segment}, ${stagePlans.version}))
  else encode(sha256(convert_to(${stagePlans.content}::text, 'UTF8')), 'hex') end`;

export type PlanRow = typeof stagePlans.$inferSelect & { contentHash: string };

export const planColumns = { ...getTableColumns(stagePlans), contentHash: planHash };

export function planRows(db: Db, version: number): Promise<PlanRow[]> {
  return db.select(planColumns).from(stagePlans).where(eq(stagePlans.version, version)).execute();
}

export async function readPlanRow(db: Db, version: number): Promise<PlanRow | undefined> {
  const [row] = await planRows(db, version);
  return row;
}

/** One draft, change or publishing at a time, so that versions come in order and a scope has one plan in force. */
export async function lockPlans(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${plansChain}))`);
}

/** Plans that hold for just these: neither wider nor narrower. */
export function ofScope({ branchId, segment }: PlanScope): SQL {
  return sql`${stagePlans.branchId} is not distinct from ${branchId} and ${stagePlans.segment} is not distinct from ${segment}`;
}

/** The plan that a scope would follow if a draft were published. */
export async function readPlanAfter(
  db: Db,
  { version, branchId, segment }: PlanScope & { version: number },
): Promise<StagePlan> {
  const after = sql`(select plan_in_force(${branchId}::text, ${segment}::text, ${version}::int))`;
  const [row] = await db.select({ content: stagePlans.content }).from(stagePlans).where(eq(stagePlans.version, after));
  return storedPlan(row?.content);
}
