import { and, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { staff } from '../../db/schema/organisation.ts';
import { staffMessages } from '../../db/schema/staff-messages.ts';
import { inBranch, seenByLeaders, type Viewer } from './viewer.ts';

/** The staff somebody may see, as a condition on `staff`: leaders their teams, managers their branches, admin and auditor all. */
export function staffVisibleTo(viewer: Viewer): SQL {
  return seenByLeaders(viewer, { led: inArray(staff.teamId, viewer.teams), branch: staff.branchId });
}

/** The messages to staff somebody may see, as a condition on `staff_messages`: those to the staff they see. */
export function staffMessagesVisibleTo(viewer: Viewer, db: Db): SQL {
  const seen = db.select({ id: staff.id }).from(staff).where(staffVisibleTo(viewer));
  return inArray(staffMessages.staffId, seen);
}

/** Whose leave somebody may see: their own, and that of the staff they see. */
export function leaveVisibleTo(viewer: Viewer): SQL {
  return or(eq(staff.id, viewer.id), staffVisibleTo(viewer)) ?? sql`false`;
}

/** To whom somebody may give work: those they see, and for a supervisor the branch's people without a team, e.g. specialists. */
export function staffAssignableBy(viewer: Viewer): SQL {
  const withoutTeam = and(inBranch(viewer, staff.branchId), isNull(staff.teamId));
  const isSupervisor = viewer.roles.includes('supervisor');
  return or(staffVisibleTo(viewer), isSupervisor ? withoutTeam : undefined) ?? sql`false`;
}
