import { and, asc, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { staff } from '../db/schema/organisation.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { staffAssignableBy, staffVisibleTo } from './scope/staff.ts';
import { inBranch, type Viewer } from './scope/viewer.ts';

export type StaffFilters = {
  role?: Role | undefined;
  branchId?: string | undefined;
  teamId?: string | undefined;
  /** Whether their departure is recorded already. */
  departed?: boolean | undefined;
};

/** One page of staff by staff number, after one of them. */
export function listStaff(
  db: Db,
  request: { viewer: Viewer; filters: StaffFilters; after?: string | undefined; limit: number },
) {
  const { viewer, filters, after, limit } = request;
  return db
    .select()
    .from(staff)
    .where(and(staffVisibleTo(viewer), ...matching(filters), after === undefined ? undefined : gt(staff.id, after)))
    .orderBy(asc(staff.id))
    .limit(limit);
}

function matching({ role, branchId, teamId, departed }: StaffFilters): (SQL | undefined)[] {
  return [
    role === undefined ? undefined : sql`${role} = any(${staff.roles})`,
    branchId === undefined ? undefined : eq(staff.branchId, branchId),
    teamId === undefined ? undefined : eq(staff.teamId, teamId),
    departed === undefined ? undefined : departed ? sql`${staff.departedOn} is not null` : isNull(staff.departedOn),
  ];
}

/** One staff record, if the viewer may see it. */
export async function readStaff(db: Db, viewer: Viewer, id: string) {
  const [row] = await db
    .select()
    .from(staff)
    .where(and(eq(staff.id, id), staffVisibleTo(viewer)));
  return row;
}

/** Whether the viewer may give cases to somebody: staff they see, and the specialists of their branch, who have not left. */
export async function mayOwnCases(db: Db, viewer: Viewer, id: string): Promise<boolean> {
  const ofBranch = and(inBranch(viewer, staff.branchId), sql`'specialist' = any(${staff.roles})`);
  const rows = await db
    .select({ one: sql`1` })
    .from(staff)
    .where(
      and(
        eq(staff.id, id),
        isNull(staff.departedOn),
        sql`${staff.roles} && array['agent', 'supervisor', 'specialist']`,
        or(staffVisibleTo(viewer), ofBranch),
      ),
    );
  return rows.length > 0;
}

/** Whether the viewer may give somebody a task of a role in a branch: it is a role of theirs, and the branch is theirs or below. */
export async function mayBeGiven(
  db: Db,
  viewer: Viewer,
  { staffId, role, branchId }: { staffId: string; role: string; branchId: string },
): Promise<boolean> {
  const isManagers = role === 'channel-manager' || role === 'general-manager';
  const rows = await db
    .select({ one: sql`1` })
    .from(staff)
    .where(
      and(
        eq(staff.id, staffId),
        sql`${role} = any(${staff.roles})`,
        isManagers ? undefined : eq(staff.branchId, branchId),
        staffAssignableBy(viewer),
      ),
    );
  return rows.length > 0;
}
