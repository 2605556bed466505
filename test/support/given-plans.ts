import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/connection.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { Stage, StagePlan, StageRule, Touch } from '../../src/renewal/stage-plan.ts';

/** The default plan with one stage changed. */
export function withStage(stage: Stage, changed: Partial<StageRule>, plan: StagePlan = defaultStagePlan): StagePlan {
  return { ...plan, stages: plan.stages.map((rule) => (rule.stage === stage ? { ...rule, ...changed } : rule)) };
}

/** The default plan with another day between two stages that follow each other. */
export function withBoundary(before: Stage, after: Stage, daysBefore: number): StagePlan {
  const opened = withStage(after, { opensDaysBefore: daysBefore });
  return withStage(before, { endsDaysBefore: daysBefore }, opened);
}

/** The touches of a stage of the default plan, changed. */
export function withTouches(stage: Stage, change: (touches: readonly Touch[]) => readonly Touch[]): StagePlan {
  const rule = defaultStagePlan.stages.find((one) => one.stage === stage);
  return withStage(stage, { touches: change(rule?.touches ?? []) });
}

/** Publishes a plan for everybody as the next version, without rolling it out; answers its version. */
export async function publish(db: Db, content: StagePlan): Promise<number> {
  await db.update(stagePlans).set({ inForce: false });
  const version = sql`(select max(version) + 1 from stage_plans)`;
  const [row] = await db
    .insert(stagePlans)
    .values({ version, state: 'published', inForce: true, content, publishedAt: new Date() })
    .returning({ version: stagePlans.version });
  return row!.version;
}
