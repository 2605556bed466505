import { and, eq, exists, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { tasks } from '../../db/schema/tasks.ts';
import type { Role } from '../../db/staff/staff-records.ts';
import { renewalsVisibleTo } from './renewals.ts';
import { inBranch, inBranches, type Viewer } from './viewer.ts';

/** Tasks that are mine to do: assigned to me, or to nobody yet and for a role of mine in my team, branch or, for managers, below. */
export function tasksOf(viewer: Viewer): SQL {
  const offered = viewer.roles.map((role) => offeredTo(role, viewer)).filter((condition) => condition !== undefined);
  return or(eq(tasks.assigneeId, viewer.id), and(isNull(tasks.assigneeId), or(...offered) ?? sql`false`)) ?? sql`false`;
}

function offeredTo(role: Role, viewer: Viewer): SQL | undefined {
  const ofRole = eq(tasks.role, role);
  switch (role) {
    case 'agent':
    case 'supervisor':
      return and(
        ofRole,
        inBranch(viewer, tasks.branchId),
        or(isNull(tasks.teamId), inArray(tasks.teamId, viewer.teams)),
      );
    case 'specialist':
    case 'call-centre':
      return and(ofRole, inBranch(viewer, tasks.branchId));
    case 'channel-manager':
    case 'general-manager':
      return and(ofRole, inBranches(viewer, tasks.branchId));
    case 'trainer':
    case 'admin':
    case 'auditor':
    case 'core-system':
      return undefined;
  }
}

/** Tasks of key customers that the manager in charge joins. */
export function joinedBy(viewer: Viewer): SQL {
  return eq(tasks.managerId, viewer.id);
}

/** Tasks somebody may read: their own, those of cases they see, and a team's hand-overs for who leads it (api.md, Roles). */
export function tasksVisibleTo(viewer: Viewer, db: Db): SQL {
  const ofSeenCase = exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.id, tasks.renewalId), renewalsVisibleTo(viewer))),
  );
  return (
    or(tasksOf(viewer), joinedBy(viewer), ofSeenCase, and(isNull(tasks.renewalId), teamWideFor(viewer))) ?? sql`false`
  );
}

function teamWideFor(viewer: Viewer): SQL {
  const is = (...roles: Role[]): boolean => viewer.roles.some((role) => roles.includes(role));
  if (is('admin', 'auditor')) return sql`true`;
  if (is('channel-manager', 'general-manager')) {
    return inBranches(viewer, tasks.branchId);
  }
  return is('supervisor', 'trainer') ? inArray(tasks.teamId, viewer.teams) : sql`false`;
}
