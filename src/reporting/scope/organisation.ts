import { inArray, sql, type SQL } from 'drizzle-orm';
import { branches, teams } from '../../db/schema/organisation.ts';
import type { Role } from '../../db/staff/staff-records.ts';
import { inBranch, inBranches, seenBy, type Viewer } from './viewer.ts';

/** The branches somebody may see, as a condition on `branches`: leaders their own, managers also those below, admin and auditor all. */
export function branchesVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => branchVisibleAs(role, viewer));
}

function branchVisibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'supervisor':
    case 'trainer':
      return inBranch(viewer, branches.id);
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, branches.id);
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

/** The teams somebody may see, as a condition on `teams`: leaders those they lead or belong to, managers their branches', admin and auditor all. */
export function teamsVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => teamVisibleAs(role, viewer));
}

function teamVisibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'supervisor':
    case 'trainer':
      return inArray(teams.id, viewer.teams);
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, teams.branchId);
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
