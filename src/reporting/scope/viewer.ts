import { eq, inArray, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { Person, Role } from '../../db/staff/staff-records.ts';

/** What decides how far somebody sees. */
export type Viewer = Pick<Person, 'id' | 'roles' | 'branchId' | 'teams' | 'branches'> & Partial<Pick<Person, 'fleets'>>;

/** Somebody with several roles sees what any of them sees; a role without a condition sees nothing. */
export function seenBy(viewer: Viewer, visibleAs: (role: Role) => SQL | undefined): SQL {
  const conditions = viewer.roles.map(visibleAs).filter((condition) => condition !== undefined);
  return or(...conditions) ?? sql`false`;
}

/** Rows of the viewer's own branch; none for somebody without a branch. */
export function inBranch({ branchId }: Viewer, column: Column): SQL {
  return branchId === null ? sql`false` : eq(column, branchId);
}

/** Rows of the viewer's branch and below; all for a manager who belongs to none. */
export function inBranches({ branchId, branches }: Viewer, column: Column): SQL {
  return branchId === null ? sql`true` : inArray(column, branches);
}

/** What leaders see: `led` is theirs to lead, managers see what lies in their branch and below, admin and auditor all. */
export function seenByLeaders(viewer: Viewer, { led, branch }: { led: SQL; branch: Column }): SQL {
  return seenBy(viewer, (role) => {
    switch (role) {
      case 'supervisor':
      case 'trainer':
        return led;
      case 'channel-manager':
      case 'general-manager':
        return inBranches(viewer, branch);
      case 'admin':
      case 'auditor':
        return sql`true`;
      case 'agent':
      case 'specialist':
      case 'call-centre':
      case 'core-system':
        return undefined;
    }
  });
}
