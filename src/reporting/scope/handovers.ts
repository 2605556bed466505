import { and, eq, exists, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { handoverItems, handovers } from '../../db/schema/handovers.ts';
import type { Role } from '../../db/staff/staff-records.ts';
import type { ReceivingChannel } from '../../renewal/orphan.ts';
import { inBranch, inBranches, seenBy, type Viewer } from './viewer.ts';

/** The hand-overs somebody may see: who leads the team, managers of the branch, and a channel that was offered cases. */
export function handoversVisibleTo(viewer: Viewer, db: Db): SQL {
  return seenBy(viewer, (role) => visibleAs(role, viewer, db));
}

function visibleAs(role: Role, viewer: Viewer, db: Db): SQL | undefined {
  switch (role) {
    case 'supervisor':
    case 'trainer':
      return or(eq(handovers.supervisorId, viewer.id), inArray(handovers.teamId, viewer.teams), ofNoTeam(viewer));
    case 'channel-manager':
    case 'general-manager':
      return inBranches(viewer, handovers.branchId);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'call-centre':
      return and(inBranch(viewer, handovers.branchId), offeredTo('call-centre', db));
    case 'specialist':
      return and(inBranch(viewer, handovers.branchId), offeredTo('cross-sales', db));
    case 'agent':
    case 'core-system':
      return undefined;
  }
}

/** Of a hand-over that they may see, the call centre sees only the cases offered to it; everybody else sees all. */
export function handoverItemsVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => {
    if (role === 'agent' || role === 'core-system') return undefined;
    return role === 'call-centre' ? eq(handoverItems.channel, 'call-centre') : sql`true`;
  });
}

/** Specialists belong to no team: any supervisor of their branch decides on what they leave. */
function ofNoTeam(viewer: Viewer): SQL | undefined {
  return and(isNull(handovers.teamId), inBranch(viewer, handovers.branchId));
}

function offeredTo(channel: ReceivingChannel, db: Db): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(handoverItems)
      .where(and(eq(handoverItems.handoverId, handovers.id), eq(handoverItems.channel, channel))),
  );
}
