import { sql, type SQL } from 'drizzle-orm';
import { seenBy, type Viewer } from './viewer.ts';

/** The stage plans somebody may see: all people all of them, because everybody works by them; machines none. */
export function plansVisibleTo(viewer: Viewer): SQL {
  return seenBy(viewer, (role) => (role === 'core-system' ? undefined : sql`true`));
}

/**
 * Whether somebody may put a plan in force for a branch (null: for all branches): admins any, channel managers those of
 * their branch and below, and all when they belong to none.
 */
export function mayPublishFor({ roles, branchId, branches }: Viewer, planBranchId: string | null): boolean {
  if (roles.includes('admin')) return true;
  if (!roles.includes('channel-manager')) return false;
  return branchId === null || (planBranchId !== null && branches.includes(planBranchId));
}
