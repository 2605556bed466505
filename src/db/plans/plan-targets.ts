import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';

/** The version that the open cases of a branch and segment follow, or would. */
export type Target = { branchId: string; segment: string; version: number };

/**
 * Which branches and segments are asked for: those for which a version decides, as if it were published; those with which
 * its roll-out goes on; all that the nightly check looks after; or simply all.
 */
export type TargetsAsked =
  { kind: 'candidate'; version: number } | { kind: 'rollout'; version: number } | { kind: 'strays' } | { kind: 'all' };

/**
 * What open cases follow, by branch and segment: looked up once for all cases of both. Where a roll-out is paused, no other
 * one and no nightly check tells the cases for which its plan decides.
 */
export async function readTargets(db: Db, asked: TargetsAsked): Promise<Target[]> {
  const candidate = asked.kind === 'candidate' ? sql`, ${asked.version}::int` : sql``;
  const { rows } = await db.execute<Target>(sql`
    select branch_id as "branchId", segment, coalesce(plan_in_force(branch_id, segment ${candidate}), 0) as version
    from (select distinct branch_id, segment from renewals where outcome is null) scopes where ${conditionOf(asked)}`);
  return rows;
}

function conditionOf(asked: TargetsAsked): SQL {
  switch (asked.kind) {
    case 'candidate':
      return steeredBy(asked.version);
    case 'rollout':
      return sql`${steeredBy(asked.version)} and not ${isPaused(sql`and paused.plan_version <> ${asked.version}`)}`;
    case 'strays':
      return sql`not ${isPaused(sql``)}`;
    case 'all':
      return sql`true`;
  }
}

function steeredBy(version: number): SQL {
  return sql`plan_steers(${version}::int, branch_id, segment)`;
}

function isPaused(which: SQL): SQL {
  return sql`exists (select 1 from rollouts paused where paused.state = 'paused' ${which}
    and plan_steers(paused.plan_version, branch_id, segment))`;
}

/** Whether the same branches and segments follow the same versions, whichever came first. */
export function haveSameVersions(some: readonly Target[], others: readonly Target[]): boolean {
  const said = new Set(some.map(nameOf));
  return others.every((target) => said.has(nameOf(target)));
}

function nameOf({ branchId, segment, version }: Target): string {
  return JSON.stringify([branchId, segment, version]);
}

/** Targets as rows `t` with "branchId", segment and version, to join renewals with. */
export function rowsOf(targets: readonly Target[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(targets)}::jsonb) as t("branchId" text, segment text, version int)`;
}
