import { and, eq, sql } from 'drizzle-orm';
import { problem, type PlanProblem } from '../../renewal/plan-problem.ts';
import { checkStagePlan } from '../../renewal/stage-plan-check.ts';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import { readPlans } from '../cases/plan-records.ts';
import { storedPlan } from '../cases/stored-plan.ts';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { readSettings } from '../settings-records.ts';
import { ofScope, type PlanRow } from './plan-rows.ts';

/** What keeps a draft from being published now, and what its publisher has to know. */
export type PlanFindings = { problems: PlanProblem[]; warnings: PlanProblem[] };

/** By the house's limits and the plans as they are in force. */
export async function readPlanFindings(db: Db, row: PlanRow, templates: readonly string[]): Promise<PlanFindings> {
  if (row.followsWider && !(await hasOwnPlan(db, row))) return { problems: [nothingToGiveBack], warnings: [] };
  const check = await checking(db, templates);
  const problems = row.followsWider ? [] : check(storedPlan(row.content));
  const changes = await readChanges(db, row.version);
  const renames = changes.flatMap(({ before, after }) => check(after, before).filter(isRename));
  const found = unique(row.followsWider ? renames.map(inWiderPlan) : renames);
  if (await wasPublishedBefore(db, row)) return { problems, warnings: found };
  return { problems: [...problems, ...found], warnings: [] };
}

async function checking(db: Db, templates: readonly string[]) {
  const settings = await readSettings(db, ['quiet-hours', 'caps']);
  const limits = { quietHours: settings['quiet-hours'].content, caps: settings.caps.content, templates };
  return (plan: StagePlan, followsOn?: StagePlan): PlanProblem[] => checkStagePlan(plan, { ...limits, followsOn });
}

type Change = { before: StagePlan; after: StagePlan };

/** Each plan that open cases, or the scope itself, would change for another one if a version were published. */
async function readChanges(db: Db, version: number): Promise<Change[]> {
  const { rows } = await db.execute<{ before: number | null; after: number | null }>(sql`
    select distinct plan_in_force(branch_id, segment) as before, plan_in_force(branch_id, segment, ${version}::int) as after
    from (select distinct branch_id, segment from renewals where outcome is null
      union select branch_id, segment from stage_plans where version = ${version}) scopes
    where plan_steers(${version}::int, branch_id, segment)`);
  const plans = await readPlans(db, [...new Set(rows.flatMap(({ before, after }) => [before ?? 0, after ?? 0]))]);
  return rows.flatMap((row) => {
    const [before, after] = [plans.get(row.before ?? 0), plans.get(row.after ?? 0)];
    return before && after && row.before !== row.after ? [{ before, after }] : [];
  });
}

function isRename({ code }: PlanProblem): boolean {
  return code === 'touch-renamed';
}

/** The content is that of another version; its paths would lead nowhere. */
function inWiderPlan({ code, message }: PlanProblem): PlanProblem {
  return problem('followsWider', code, message);
}

function unique(found: readonly PlanProblem[]): PlanProblem[] {
  return [...new Map(found.map((one) => [`${one.path} ${one.message}`, one])).values()];
}

/** The way back is never refused for the name of a touch: it may be what stops a mistake. */
async function wasPublishedBefore(db: Db, row: PlanRow): Promise<boolean> {
  if (row.followsWider) return false;
  const sameContent = sql`${stagePlans.content} = ${JSON.stringify(row.content)}::jsonb and not ${stagePlans.followsWider}`;
  return (await db.$count(stagePlans, and(ofScope(row), eq(stagePlans.state, 'published'), sameContent))) > 0;
}

const nothingToGiveBack = problem(
  'followsWider',
  'nothing-to-give-back',
  'This scope has no plan of its own in force; it follows the wider one already.',
);

async function hasOwnPlan(db: Db, row: PlanRow): Promise<boolean> {
  return (await db.$count(stagePlans, and(ofScope(row), sql`${stagePlans.inForce}`))) > 0;
}
