import { sql, type SQL } from 'drizzle-orm';
import { lossChecks } from '../../db/schema/loss-checks.ts';
import type { Role } from '../../db/staff/staff-records.ts';
import { inBranches, seenBy, type Viewer } from './viewer.ts';

/** The call-back checks of lost cases that somebody may see: managers those of their branches, admin and auditor all. */
export function lossChecksVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => visibleAs(role, viewer));
}

function visibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, lossChecks.branchId);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'agent':
    case 'specialist':
    case 'supervisor':
    case 'trainer':
    case 'call-centre':
    case 'core-system':
      return undefined;
  }
}
