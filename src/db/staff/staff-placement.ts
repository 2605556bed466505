import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { branches, staff, teams } from '../schema/organisation.ts';
import type { Role } from './staff-records.ts';

export type Placement = { roles: readonly Role[]; branchId: string | null; teamId: string | null };

export type PlacementProblem = 'unknown-branch' | 'unknown-team' | 'team-of-another-branch' | 'works-in-no-branch';

/** Their work comes by branch or team; managers, admins, auditors and machines may belong to none and then see all. */
const branchRoles: readonly Role[] = ['agent', 'specialist', 'supervisor', 'call-centre', 'trainer'];

/** A team says the branch of its members. */
export async function placed<Facts extends Placement>(tx: Db, facts: Facts): Promise<Facts> {
  if (facts.branchId !== null || facts.teamId === null) return facts;
  const branchId = await branchOfTeam(tx, facts.teamId);
  return branchId === undefined ? facts : { ...facts, branchId };
}

/** Why somebody cannot be placed like this; nothing when they can. */
export async function findPlacementProblem(
  tx: Db,
  { roles, branchId, teamId }: Placement,
): Promise<PlacementProblem | undefined> {
  if (branchId !== null && !(await isBranch(tx, branchId))) return 'unknown-branch';
  if (teamId !== null) {
    const ofTeam = await branchOfTeam(tx, teamId);
    if (ofTeam === undefined) return 'unknown-team';
    if (ofTeam !== branchId) return 'team-of-another-branch';
  }
  return branchId === null && roles.some((role) => branchRoles.includes(role)) ? 'works-in-no-branch' : undefined;
}

export async function isBranch(tx: Db, id: string): Promise<boolean> {
  return (await tx.$count(branches, eq(branches.id, id))) > 0;
}

/** Whether a branch is another one or lies above it. */
export async function isAtOrAbove(tx: Db, id: string, branchId: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    with recursive above as (
      select id, parent_id from branches where id = ${branchId}
      union select b.id, b.parent_id from branches b join above on b.id = above.parent_id
    ) select 1 from above where id = ${id}`);
  return rows.length > 0;
}

/** Locked, so that the team stays where it is until the transaction ends. */
async function branchOfTeam(tx: Db, id: string): Promise<string | undefined> {
  const [team] = await tx.select({ branchId: teams.branchId }).from(teams).where(eq(teams.id, id)).for('share');
  return team?.branchId;
}

/** Whether somebody belongs to a branch, whose cases alone may be theirs. */
export async function worksInBranch(db: Db, staffId: string, branchId: string): Promise<boolean> {
  return (await db.$count(staff, and(eq(staff.id, staffId), eq(staff.branchId, branchId)))) > 0;
}
