import { and, asc, eq, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { renewals } from '../schema/renewals.ts';
import { rollouts } from '../schema/stage-plans.ts';
import { plansChain } from './plan-rows.ts';
import { rowsOf, type Target } from './plan-targets.ts';

export type RolloutRow = typeof rollouts.$inferSelect;
type RolloutState = RolloutRow['state'];

const booksAreBehind = sql`r.plan_version <> t.version`;
const isBehind = sql`(${booksAreBehind} or r.armed_plan_version <> t.version)`;

/** Which cases a page is of: all that are behind the plan they follow, or those that a roll-out passed over. */
export type Behind = { kind: 'all' } | { kind: 'passed-over'; untoldBy: number };

type BehindAsked = { targets: readonly Target[]; which: Behind; after: string; limit: number };

/** Open cases of some branches and segments behind their plan after a cursor, in the order of ids. */
export async function casesBehindTheirPlan(db: Db, { targets, which, after, limit }: BehindAsked): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select r.id from renewals r join ${rowsOf(targets)} on t."branchId" = r.branch_id and t.segment = r.segment
    where r.outcome is null and r.id > ${after} and ${conditionOf(which)} order by r.id limit ${limit}`);
  return rows.map(({ id }) => id);
}

/**
 * A case opened while the plan was published still has the plan before; one that was told, by whatever roll-out that still
 * runs, turns its stage in its own time.
 */
function conditionOf(which: Behind): SQL {
  if (which.kind === 'all') return isBehind;
  return sql`${booksAreBehind} and r.told_plan_version <> ${which.untoldBy}
    and r.told_plan_version not in (select plan_version from rollouts where state = 'running')`;
}

/** Remembers that a roll-out has told the workflow of a case, once Temporal has taken the word. */
export async function noteTold(db: Db, renewalId: string, planVersion: number): Promise<void> {
  await db.update(renewals).set({ toldPlanVersion: planVersion }).where(eq(renewals.id, renewalId));
}

export async function readRollout(db: Db, id: string): Promise<RolloutRow | undefined> {
  const [row] = await db.select().from(rollouts).where(eq(rollouts.id, id));
  return row;
}

/** Counts the cases that have to follow, the first time that a roll-out goes on. */
export async function beginRollout(db: Db, row: RolloutRow, targets: readonly Target[]): Promise<RolloutRow> {
  if (row.progressedAt !== null || row.state !== 'running') return row;
  const total = await countBehind(db, targets);
  const isNew = and(eq(rollouts.id, row.id), isNull(rollouts.progressedAt));
  const begun = await db
    .update(rollouts)
    .set({ total, progressedAt: sql`now()` })
    .where(isNew)
    .returning();
  return begun[0] ?? (await readRollout(db, row.id)) ?? row;
}

async function countBehind(db: Db, targets: readonly Target[]): Promise<number> {
  const { rows } = await db.execute<{ behind: number }>(sql`
    select count(*)::int as behind from renewals r join ${rowsOf(targets)} on t."branchId" = r.branch_id and t.segment = r.segment
    where r.outcome is null and ${isBehind}`);
  return onlyRow(rows).behind;
}

type RolloutStep = Pick<RolloutRow, 'cursor' | 'looked' | 'followed' | 'nudged'>;

/** Keeps how far a roll-out is; answers how it stands, for somebody may have paused or replaced it. */
export async function saveRolloutStep(db: Db, id: string, step: RolloutStep): Promise<RolloutRow> {
  const saved = await db
    .update(rollouts)
    .set({ ...step, progressedAt: sql`now()` })
    .where(eq(rollouts.id, id))
    .returning();
  return onlyRow(saved);
}

/** Every case follows; a roll-out that was paused or replaced meanwhile stays so. */
export async function completeRollout(db: Db, id: string): Promise<RolloutRow> {
  return db.transaction(async (tx) => {
    const [row] = await moveRollout(tx, { id, from: 'running', to: 'completed', by: null });
    if (!row) return onlyRow(await tx.select().from(rollouts).where(eq(rollouts.id, id)));
    const { total, looked, followed, nudged } = row;
    await tellOfRollout(tx, row, {
      actor: 'system',
      event: 'rollout-completed',
      counts: { total, looked, followed, nudged },
    });
    return row;
  });
}

export type SteeredRollout = { kind: 'steered' | 'already'; row: RolloutRow } | { kind: 'unknown' } | { kind: 'over' };

/** Lets a roll-out stand still, or go on. A second time changes nothing; one that is over stays so. */
export async function steerRollout(
  tx: Db,
  { id, to, by }: { id: string; to: 'paused' | 'running'; by: string },
): Promise<SteeredRollout> {
  const from = to === 'paused' ? 'running' : 'paused';
  const [row] = await moveRollout(tx, { id, from, to, by });
  if (row) {
    const event = to === 'paused' ? 'rollout-paused' : 'rollout-resumed';
    await tellOfRollout(tx, row, { actor: by, event, counts: { looked: row.looked } });
    return { kind: 'steered', row };
  }
  const known = await readRollout(tx, id);
  if (!known) return { kind: 'unknown' };
  return known.state === to ? { kind: 'already', row: known } : { kind: 'over' };
}

type Move = { id: string; from: RolloutState; to: RolloutState; by: string | null };

function moveRollout(tx: Db, { id, from, to, by }: Move): Promise<RolloutRow[]> {
  return tx
    .update(rollouts)
    .set({
      state: to,
      ...(to === 'paused' ? { pausedBy: by } : {}),
      ...(to === 'running' ? { pausedBy: null } : {}),
      ...(to === 'completed' ? { finishedAt: sql`business_now()` } : {}),
    })
    .where(and(eq(rollouts.id, id), eq(rollouts.state, from)))
    .returning()
    .execute();
}

async function tellOfRollout(
  tx: Db,
  { id, planVersion }: RolloutRow,
  { actor, event, counts }: { actor: string; event: string; counts: Record<string, number> },
): Promise<void> {
  const reason = actor === 'system' ? 'all-cases-follow' : 'by-hand';
  await journalise(tx, [
    { chain: plansChain, actor, event, reason, inputs: { rolloutId: id, planVersion, ...counts } },
  ]);
}

/** Running roll-outs that nobody started, whose word to go on was lost, or whose workflow is gone: none has moved lately. */
export async function rolloutsStandingStill(db: Db): Promise<string[]> {
  const isStill = or(isNull(rollouts.progressedAt), sql`${rollouts.progressedAt} < now() - interval '2 minutes'`);
  const rows = await db
    .select({ id: rollouts.id })
    .from(rollouts)
    .where(and(eq(rollouts.state, 'running'), isStill))
    .orderBy(asc(rollouts.startedAt));
  return rows.map(({ id }) => id);
}
