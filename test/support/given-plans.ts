import { eq, sql } from 'drizzle-orm';
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

export type GivenScope = { branchId?: string | null; segment?: string | null; followsWider?: boolean };

/** Publishes a plan, for everybody where no scope is said, as the next version, without rolling it out; answers its version. */
export async function publish(db: Db, content: StagePlan, scope: GivenScope = {}): Promise<number> {
  const next = sql`(select coalesce(max(version), 1) + 1 from stage_plans)`;
  const [row] = await db
    .insert(stagePlans)
    .values({ version: next, state: 'draft', content, ...scope })
    .returning({ version: stagePlans.version });
  const { version } = row!;
  const published = { state: 'published' as const, inForce: !scope.followsWider, publishedAt: new Date() };
  await db.update(stagePlans).set(published).where(eq(stagePlans.version, version));
  return version;
}
