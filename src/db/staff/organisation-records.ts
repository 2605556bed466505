import { eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { onlyRow } from '../only-row.ts';
import { branches, staff, teams } from '../schema/organisation.ts';
import { lockPlans } from '../plans/plan-rows.ts';
import { haveSameVersions, readTargets } from '../plans/plan-targets.ts';
import { isAtOrAbove, isBranch } from './staff-placement.ts';
import { changedFields, journaliseUpkeep, wasDoneBy, withNamed, type Change, type Named } from './upkeep.ts';

export type BranchRow = typeof branches.$inferSelect;
export type TeamRow = typeof teams.$inferSelect;

type Refusal =
  | { kind: 'unknown' }
  | { kind: 'taken' }
  | { kind: 'unknown-parent' }
  | { kind: 'cycle' }
  | { kind: 'other-plan' }
  | { kind: 'unknown-branch' }
  | { kind: 'no-supervisor' }
  | { kind: 'supervisor-elsewhere' }
  | { kind: 'has-members'; members: number };

export type UpkeepAnswer<Row> = { kind: 'done'; row: Row } | Refusal;

/** The tree changes one branch at a time; two moves that are fine alone could close a circle together. */
const oneTreeChangeAtATime = 20_260_062;

export async function enterBranch(db: Db, branch: BranchRow, change: Change): Promise<UpkeepAnswer<BranchRow>> {
  return db.transaction(async (tx): Promise<UpkeepAnswer<BranchRow>> => {
    if (branch.parentId !== null && !(await isBranch(tx, branch.parentId))) return { kind: 'unknown-parent' };
    const entered = { chain: `branch.${branch.id}`, event: 'branch-entered' };
    const [row] = await tx.insert(branches).values(branch).onConflictDoNothing().returning();
    if (!row) {
      const [known] = (await wasDoneBy(tx, entered, change)) ? await branchRows(tx, branch.id) : [];
      return known ? { kind: 'done', row: known } : { kind: 'taken' };
    }
    await journaliseUpkeep(tx, { ...entered, inputs: { parentId: row.parentId } }, change);
    return { kind: 'done', row };
  });
}

export async function changeBranch(
  db: Db,
  { id, ...named }: { id: string } & Named<Omit<BranchRow, 'id'>>,
  change: Change,
): Promise<UpkeepAnswer<BranchRow>> {
  return db.transaction(async (tx): Promise<UpkeepAnswer<BranchRow>> => {
    await tx.execute(sql`select pg_advisory_xact_lock(${oneTreeChangeAtATime})`);
    const [before] = await branchRows(tx, id);
    if (!before) return { kind: 'unknown' };
    const after = withNamed(before, named);
    const { parentId } = after;
    if (parentId !== null && !(await isBranch(tx, parentId))) return { kind: 'unknown-parent' };
    if (parentId !== null && (await isAtOrAbove(tx, id, parentId))) return { kind: 'cycle' };
    const changed = changedFields(before, after);
    if (changed.length === 0) return { kind: 'done', row: before };
    const row = await storeBranch(tx, before, after);
    if (!row) return { kind: 'other-plan' };
    const inputs = { changed, parentId: { before: before.parentId, after: row.parentId } };
    await journaliseUpkeep(tx, { chain: `branch.${id}`, event: 'branch-changed', inputs }, change);
    return { kind: 'done', row };
  });
}

/** Nothing where the branch would move so that open cases follow another stage plan: nobody has seen what that does. */
async function storeBranch(tx: Db, before: BranchRow, after: BranchRow): Promise<BranchRow | undefined> {
  const store = (row: BranchRow) => tx.update(branches).set(row).where(eq(branches.id, row.id)).returning().execute();
  if (after.parentId === before.parentId) return onlyRow(await store(after));
  await lockPlans(tx);
  const follows = await readTargets(tx, { kind: 'all' });
  const stored = await store(after);
  if (haveSameVersions(follows, await readTargets(tx, { kind: 'all' }))) return onlyRow(stored);
  await store(before);
  return undefined;
}

function branchRows(tx: Db, id: string): Promise<BranchRow[]> {
  return tx.select().from(branches).where(eq(branches.id, id)).execute();
}

export async function enterTeam(db: Db, team: TeamRow, change: Change): Promise<UpkeepAnswer<TeamRow>> {
  return db.transaction(async (tx): Promise<UpkeepAnswer<TeamRow>> => {
    const refusal = (await branchRefusal(tx, team)) ?? (await leaderRefusal(tx, team));
    if (refusal) return refusal;
    const entered = { chain: `team.${team.id}`, event: 'team-entered' };
    const [row] = await tx.insert(teams).values(team).onConflictDoNothing().returning();
    if (!row) {
      const [known] = (await wasDoneBy(tx, entered, change)) ? await teamRows(tx, team.id) : [];
      return known ? { kind: 'done', row: known } : { kind: 'taken' };
    }
    const inputs = { branchId: row.branchId, supervisorId: row.supervisorId };
    await journaliseUpkeep(tx, { ...entered, inputs }, change);
    return { kind: 'done', row };
  });
}

export async function changeTeam(
  db: Db,
  { id, ...named }: { id: string } & Named<Omit<TeamRow, 'id'>>,
  change: Change,
): Promise<UpkeepAnswer<TeamRow>> {
  return db.transaction(async (tx): Promise<UpkeepAnswer<TeamRow>> => {
    const [before] = await teamRows(tx, id);
    if (!before) return { kind: 'unknown' };
    const after = withNamed(before, named);
    const changed = changedFields(before, after);
    if (changed.length === 0) return { kind: 'done', row: before };
    const refusal =
      (await branchRefusal(tx, after)) ??
      (await moveRefusal(tx, { before, after })) ??
      (await leaderRefusal(tx, after));
    if (refusal) return refusal;
    const row = onlyRow(await tx.update(teams).set(after).where(eq(teams.id, id)).returning());
    const inputs = { changed, supervisorId: { before: before.supervisorId, after: row.supervisorId } };
    await journaliseUpkeep(tx, { chain: `team.${id}`, event: 'team-changed', inputs }, change);
    return { kind: 'done', row };
  });
}

function teamRows(tx: Db, id: string): Promise<TeamRow[]> {
  return tx.select().from(teams).where(eq(teams.id, id)).for('update').execute();
}

async function branchRefusal(tx: Db, { branchId }: TeamRow): Promise<Refusal | undefined> {
  return (await isBranch(tx, branchId)) ? undefined : { kind: 'unknown-branch' };
}

/** A team is led from its own branch or from one above. */
async function leaderRefusal(tx: Db, { branchId, supervisorId }: TeamRow): Promise<Refusal | undefined> {
  if (supervisorId === null) return undefined;
  const [leader] = await tx
    .select({ roles: staff.roles, branchId: staff.branchId, departedOn: staff.departedOn })
    .from(staff)
    .where(eq(staff.id, supervisorId))
    .for('share');
  const mayLead = leader?.departedOn === null && leader.roles.includes('supervisor');
  if (!mayLead) return { kind: 'no-supervisor' };
  const isNear = leader.branchId !== null && (await isAtOrAbove(tx, leader.branchId, branchId));
  return isNear ? undefined : { kind: 'supervisor-elsewhere' };
}

/** Members work in the branch of their team; they are moved first. */
async function moveRefusal(tx: Db, { before, after }: { before: TeamRow; after: TeamRow }) {
  if (before.branchId === after.branchId) return undefined;
  const members = await tx.$count(staff, eq(staff.teamId, before.id));
  return members > 0 ? ({ kind: 'has-members', members } as const) : undefined;
}
