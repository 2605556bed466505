import { and, eq, inArray, isNotNull, or, sql, type SQL } from 'drizzle-orm';
import { handoverItems } from '../db/schema/handovers.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { Person, Role } from '../db/staff-records.ts';

/** What decides how far somebody sees. */
export type Viewer = Pick<Person, 'id' | 'roles' | 'branchId' | 'teams' | 'branches'>;

/**
 * The cases a person may see, as a condition on `renewals` (api.md, Roles); the one place that says so. Somebody with
 * several roles sees what any of them sees.
 */
export function renewalsVisibleTo(viewer: Viewer): SQL {
  const conditions = viewer.roles.map((role) => visibleAs(role, viewer)).filter((condition) => condition !== undefined);
  return or(...conditions) ?? sql`false`;
}

function visibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'agent':
      return eq(renewals.ownerId, viewer.id);
    case 'supervisor':
    case 'trainer':
      return or(eq(renewals.ownerId, viewer.id), inArray(renewals.teamId, viewer.teams));
    case 'specialist':
      return or(eq(renewals.ownerId, viewer.id), inBranch(viewer.branchId));
    case 'call-centre':
      return and(inBranch(viewer.branchId), or(isNotNull(renewals.callCentreSince), offeredToCallCentre()));
    case 'channel-manager':
    case 'general-manager':
      return viewer.branchId === null ? sql`true` : inArray(renewals.branchId, viewer.branches);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'core-system':
      return undefined;
  }
}

function inBranch(branchId: string | null): SQL {
  return branchId === null ? sql`false` : eq(renewals.branchId, branchId);
}

function offeredToCallCentre(): SQL {
  return sql`exists (select 1 from ${handoverItems} where ${handoverItems.renewalId} = ${renewals.id}
    and ${handoverItems.channel} = 'call-centre')`;
}
