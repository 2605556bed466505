import { and, eq, inArray, isNotNull, not, or, sql, type SQL } from 'drizzle-orm';
import { isLeftAloneNow } from '../../db/cases/left-alone.ts';
import { contactResults } from '../../db/schema/contact-results.ts';
import { handoverItems } from '../../db/schema/handovers.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { tasks } from '../../db/schema/tasks.ts';
import type { Role } from '../../db/staff/staff-records.ts';
import { inBranch, inBranches, seenBy, type Viewer } from './viewer.ts';

/**
 * The cases a person may see, as a condition on `renewals` (api.md, Roles); the one place that says so. Somebody with
 * several roles sees what any of them sees.
 */
export function renewalsVisibleTo(viewer: Viewer): SQL {
  const byRole = seenBy(viewer, (role) => visibleAs(role, viewer));
  return or(byRole, negotiatedBy(viewer)) ?? byRole;
}

/** Whoever negotiates for a fleet sees its cases, whose they may be. */
function negotiatedBy({ fleets }: Viewer): SQL | undefined {
  return fleets && fleets.length > 0 ? inArray(renewals.fleetId, fleets) : undefined;
}

function visibleAs(role: Role, viewer: Viewer): SQL | undefined {
  switch (role) {
    case 'agent':
      return or(eq(renewals.ownerId, viewer.id), withWorkFor(viewer));
    case 'supervisor':
    case 'trainer':
      return or(eq(renewals.ownerId, viewer.id), inArray(renewals.teamId, viewer.teams));
    case 'specialist':
      return or(eq(renewals.ownerId, viewer.id), inBranch(viewer, renewals.branchId));
    case 'call-centre':
      return and(
        inBranch(viewer, renewals.branchId),
        or(isNotNull(renewals.callCentreSince), offeredToCallCentre()),
        or(not(isLeftAloneNow), refusalHeardBy(viewer)),
      );
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, renewals.branchId);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'core-system':
      return undefined;
  }
}

/**
 * Cases of somebody else in which one has a task to do, e.g. for a colleague on leave. An array, so that both ways to a case
 * of one's own are looked up in an index.
 */
function withWorkFor(viewer: Viewer): SQL {
  return sql`${renewals.id} = any(array(select ${tasks.renewalId} from ${tasks}
    where ${tasks.assigneeId} = ${viewer.id} and ${tasks.state} = 'open' and ${tasks.renewalId} is not null))`;
}

/** A customer who refused contact is the call centre's no more, but for whoever recorded it and may have to correct it. */
function refusalHeardBy(viewer: Viewer): SQL {
  return sql`exists (select 1 from ${contactResults} where ${contactResults.renewalId} = ${renewals.id}
    and ${contactResults.result} = 'refused-contact' and ${contactResults.recordedBy} = ${viewer.id})`;
}

function offeredToCallCentre(): SQL {
  return sql`exists (select 1 from ${handoverItems} where ${handoverItems.renewalId} = ${renewals.id}
    and ${handoverItems.channel} = 'call-centre')`;
}
