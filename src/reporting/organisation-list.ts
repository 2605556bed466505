import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { absences, branches, staff, teams } from '../db/schema/organisation.ts';
import { branchesVisibleTo, teamsVisibleTo } from './scope/organisation.ts';
import { leaveVisibleTo } from './scope/staff.ts';
import type { Viewer } from './scope/viewer.ts';

type Page = { viewer: Viewer; after?: string | undefined; limit: number };

/** One page of the branches somebody may see, by id, after one of them. */
export function listBranches(db: Db, { viewer, after, limit }: Page) {
  return db
    .select()
    .from(branches)
    .where(and(branchesVisibleTo(viewer), after === undefined ? undefined : gt(branches.id, after)))
    .orderBy(asc(branches.id))
    .limit(limit);
}

/** One page of the teams somebody may see, by id, after one of them; of one branch when it is named. */
export function listTeams(db: Db, { viewer, branchId, after, limit }: Page & { branchId?: string | undefined }) {
  const ofBranch = branchId === undefined ? undefined : eq(teams.branchId, branchId);
  return db
    .select()
    .from(teams)
    .where(and(teamsVisibleTo(viewer), ofBranch, after === undefined ? undefined : gt(teams.id, after)))
    .orderBy(asc(teams.id))
    .limit(limit);
}

/** One page of a person's leave, if the viewer may see it, by first day, after one of these. */
export function listAbsences(db: Db, { viewer, staffId, after, limit }: Page & { staffId: string }) {
  return db
    .select({ absence: absences })
    .from(absences)
    .innerJoin(staff, eq(staff.id, absences.staffId))
    .where(
      and(
        eq(absences.staffId, staffId),
        leaveVisibleTo(viewer),
        after === undefined ? undefined : gt(absences.fromOn, after),
      ),
    )
    .orderBy(asc(absences.fromOn))
    .limit(limit);
}
