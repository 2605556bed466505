import { and, desc, eq, getTableColumns, lt, or, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import type { RolloutRow } from '../db/plans/rollout-records.ts';
import { rollouts, stagePlans } from '../db/schema/stage-plans.ts';
import { plansVisibleTo } from './scope/plans.ts';
import type { Viewer } from './scope/viewer.ts';

/** A roll-out with the branch that its plan holds for (null: all). */
export type RolloutOnPage = RolloutRow & { branchId: string | null };

type RolloutFilters = { state?: RolloutRow['state'] | undefined; planVersion?: number | undefined };

/** Where a page ended: a version is published once, so the newest roll-out is that of the highest version. */
type RolloutPosition = { planVersion: number; id: string };

type ListRequest = { viewer: Viewer; filters: RolloutFilters; before?: RolloutPosition | undefined; limit: number };

/** One page of roll-outs, the newest plan first. */
export function listRollouts(db: Db, { viewer, filters, before, limit }: ListRequest): Promise<RolloutOnPage[]> {
  const { planVersion, id } = rollouts;
  const older =
    before && or(lt(planVersion, before.planVersion), and(eq(planVersion, before.planVersion), lt(id, before.id)));
  return select(db, and(plansVisibleTo(viewer), older, ...matching(filters)))
    .orderBy(desc(planVersion), desc(id))
    .limit(limit)
    .execute();
}

/** One roll-out; nothing when there is none of this id. */
export async function readRolloutPage(db: Db, viewer: Viewer, id: string): Promise<RolloutOnPage | undefined> {
  const [row] = await select(db, and(plansVisibleTo(viewer), eq(rollouts.id, id)));
  return row;
}

function select(db: Db, where: SQL | undefined) {
  return db
    .select({ ...getTableColumns(rollouts), branchId: stagePlans.branchId })
    .from(rollouts)
    .innerJoin(stagePlans, eq(stagePlans.version, rollouts.planVersion))
    .where(where)
    .$dynamic();
}

function matching({ state, planVersion }: RolloutFilters): (SQL | undefined)[] {
  return [
    state === undefined ? undefined : eq(rollouts.state, state),
    planVersion === undefined ? undefined : eq(rollouts.planVersion, planVersion),
  ];
}

/**
 * Wall minutes until a roll-out has told everybody, if as many of the cases that are left have to be told as of those so
 * far; null once it is over. Whole minutes, rounded up.
 */
export function minutesLeft(
  row: Pick<RolloutRow, 'state' | 'total' | 'looked' | 'nudged' | 'nudgesPerSecond'>,
): number | null {
  if (row.state === 'completed' || row.state === 'superseded') return null;
  const left = Math.max(0, row.total - row.looked);
  const share = row.looked === 0 ? 1 : row.nudged / row.looked;
  return Math.ceil((left * share) / row.nudgesPerSecond / 60);
}
