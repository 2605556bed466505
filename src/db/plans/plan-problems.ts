import { and, sql } from 'drizzle-orm';
import { problem, type PlanProblem } from '../../renewal/plan-problem.ts';
import { checkStagePlan } from '../../renewal/stage-plan-check.ts';
import { readPlanInForce } from '../cases/plan-records.ts';
import { storedPlan } from '../cases/stored-plan.ts';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { readSettings } from '../settings-records.ts';
import { ofScope, type PlanRow } from './plan-rows.ts';

/** What keeps a draft from being published now, by the house's limits as they are in force. */
export async function readPlanProblems(db: Db, row: PlanRow, templates: readonly string[]): Promise<PlanProblem[]> {
  if (row.followsWider) return (await hasOwnPlan(db, row)) ? [] : [nothingToGiveBack];
  const settings = await readSettings(db, ['quiet-hours', 'caps']);
  const { plan: followsOn } = await readPlanInForce(db, row);
  return checkStagePlan(storedPlan(row.content), {
    quietHours: settings['quiet-hours'].content,
    caps: settings.caps.content,
    templates,
    followsOn,
  });
}

const nothingToGiveBack = problem(
  'followsWider',
  'nothing-to-give-back',
  'This scope has no plan of its own in force; it follows the wider one already.',
);

async function hasOwnPlan(db: Db, row: PlanRow): Promise<boolean> {
  return (await db.$count(stagePlans, and(ofScope(row), sql`${stagePlans.inForce}`))) > 0;
}
