import { inArray, sql, type SQL } from 'drizzle-orm';
import { staff } from '../../db/schema/organisation.ts';
import type { Role } from '../../db/staff-records.ts';
import { inBranches, seenBy, type Viewer } from './viewer.ts';

/** The staff somebody may see, as a condition on `staff`: leaders their teams, managers their branches, admin and auditor all. */
export function staffVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => visibleAs(role, viewer));
}

function visibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'supervisor':
    case 'trainer':
      return inArray(staff.teamId, viewer.teams);
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, staff.branchId);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'agent':
    case 'specialist':
    case 'call-centre':
    case 'core-system':
      return undefined;
  }
}
