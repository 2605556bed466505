import { and, desc, eq, lt, type SQL } from 'drizzle-orm';
import { readPlanInForce } from '../db/cases/plan-records.ts';
import { storedPlan } from '../db/cases/stored-plan.ts';
import type { Db } from '../db/connection.ts';
import { readPlanFindings } from '../db/plans/plan-problems.ts';
import { planColumns, readPlanAfter, type PlanRow } from '../db/plans/plan-rows.ts';
import { rollouts, stagePlans } from '../db/schema/stage-plans.ts';
import { comparePlans, type PlanDifference } from '../renewal/plan-differences.ts';
import type { PlanProblem } from '../renewal/plan-problem.ts';
import type { StagePlan } from '../renewal/stage-plan.ts';
import { plansVisibleTo } from './scope/plans.ts';
import type { Viewer } from './scope/viewer.ts';

type PlanFilters = {
  state?: PlanRow['state'] | undefined;
  branchId?: string | undefined;
  segment?: string | undefined;
  inForce?: boolean | undefined;
};

type ListRequest = { viewer: Viewer; filters: PlanFilters; before?: number | undefined; limit: number };

/** One page of stage plans, the newest first, before one of them. */
export function listPlans(db: Db, { viewer, filters, before, limit }: ListRequest): Promise<PlanRow[]> {
  const older = before === undefined ? undefined : lt(stagePlans.version, before);
  return db
    .select(planColumns)
    .from(stagePlans)
    .where(and(plansVisibleTo(viewer), older, ...matching(filters)))
    .orderBy(desc(stagePlans.version))
    .limit(limit);
}

function matching({ state, branchId, segment, inForce }: PlanFilters): (SQL | undefined)[] {
  return [
    state === undefined ? undefined : eq(stagePlans.state, state),
    branchId === undefined ? undefined : eq(stagePlans.branchId, branchId),
    segment === undefined ? undefined : eq(stagePlans.segment, segment),
    inForce === undefined ? undefined : eq(stagePlans.inForce, inForce),
  ];
}

/** A stage plan with what stands in its way (drafts only) and what it says differently from the plan that its scope follows now. */
export type PlanPage = Omit<PlanRow, 'content'> & {
  /** None for a version that gives its scope back. */
  content: StagePlan | null;
  problems: PlanProblem[];
  /** What its publisher has to know (drafts only). */
  warnings: PlanProblem[];
  comparedWith: number;
  differences: PlanDifference[];
  rollouts: { id: string; state: string }[];
};

type PageRequest = { viewer: Viewer; version: number; templates: readonly string[] };

/** One stage plan; nothing when there is no such version. */
export async function readPlanPage(db: Db, { viewer, version, templates }: PageRequest): Promise<PlanPage | undefined> {
  const [row] = await db
    .select(planColumns)
    .from(stagePlans)
    .where(and(eq(stagePlans.version, version), plansVisibleTo(viewer)));
  if (!row) return undefined;
  const inForce = await readPlanInForce(db, row);
  const after = row.followsWider ? await readPlanAfter(db, row) : storedPlan(row.content);
  const isDraft = row.state === 'draft';
  const findings = isDraft ? await readPlanFindings(db, row, templates) : { problems: [], warnings: [] };
  return {
    ...row,
    content: row.followsWider ? null : after,
    ...findings,
    comparedWith: inForce.version,
    differences: comparePlans(inForce.plan, after),
    rollouts: await rolloutsOf(db, version),
  };
}

function rolloutsOf(db: Db, version: number) {
  const { id, state } = rollouts;
  return db.select({ id, state }).from(rollouts).where(eq(rollouts.planVersion, version)).orderBy(rollouts.startedAt);
}
