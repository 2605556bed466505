import { sql } from 'drizzle-orm';
import { readPlans } from '../db/cases/plan-records.ts';
import type { Db } from '../db/connection.ts';
import { stagePlans } from '../db/schema/stage-plans.ts';
import { readSettings } from '../db/settings-records.ts';
import { defaultStagePlan } from '../renewal/default-stage-plan.ts';
import type { Caps, QuietHours } from '../renewal/settings.ts';
import { segments } from '../renewal/segment.ts';
import type { StagePlan } from '../renewal/stage-plan.ts';
import type { ForecastCase } from './forecast-case.ts';

export type Settings = { quietHours: QuietHours; caps: Caps };
export type PlanOf = (one: Pick<ForecastCase, 'segment'> & { work: { branchId: string } }) => {
  version: number;
  plan: StagePlan;
};

/** The version that a forecast was asked for, and where it holds; null for everybody. */
export type Candidate = { version: number; state: string; branchId: string | null; segment: string | null };

/** The plan of every branch and segment as it is in force, or as it would be with a candidate; and the house's settings. */
export async function readRules(
  db: Db,
  candidate: number | undefined,
): Promise<{ planOf: PlanOf; settings: Settings }> {
  const { rows } = await db.execute<{ branchId: string; segment: string; version: number | null }>(sql`
    select b.id as "branchId", s.segment, plan_in_force(b.id, s.segment, ${candidate ?? null}::int) as version
    from branches b cross join unnest(${sql.param([...segments])}::text[]) as s(segment)`);
  const plans = await readPlans(db, [...new Set(rows.flatMap(({ version }) => version ?? []))]);
  const keyOf = (branchId: string, segment: string): string => `${segment} ${branchId}`;
  const inForce = new Map(
    rows.map(({ branchId, segment, version }) => {
      const plan = plans.get(version ?? 0) ?? defaultStagePlan;
      return [keyOf(branchId, segment), { version: version ?? 0, plan }];
    }),
  );
  const { 'quiet-hours': quietHours, caps } = await readSettings(db, ['quiet-hours', 'caps']);
  return {
    planOf: ({ work, segment }) => inForce.get(keyOf(work.branchId, segment)) ?? { version: 0, plan: defaultStagePlan },
    settings: { quietHours: quietHours.content, caps: caps.content },
  };
}

/** A version of the stage plans, draft or published; undefined when there is none of this number. */
export async function findPlan(db: Db, version: number): Promise<Candidate | undefined> {
  const { state, branchId, segment } = stagePlans;
  const [row] = await db
    .select({ version: stagePlans.version, state, branchId, segment })
    .from(stagePlans)
    .where(sql`${stagePlans.version} = ${version}`);
  return row;
}
