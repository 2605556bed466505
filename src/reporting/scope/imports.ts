import { inArray, sql, type SQL } from 'drizzle-orm';
import { imports } from '../../db/schema/imports.ts';
import { staff } from '../../db/schema/organisation.ts';
import type { Viewer } from './viewer.ts';

/** An import is its sender's and their branch's, because its rejected rows name customers; admins see all. */
export function importsVisibleTo({ id, roles, branchId, branches }: Viewer): SQL {
  const isManager = roles.includes('channel-manager');
  if (roles.includes('admin') || (isManager && branchId === null)) return sql`true`;
  if (!isManager) return sql`false`;
  return sql`(${imports.requestedBy} = ${id} or exists (select 1 from ${staff}
    where ${staff.id} = ${imports.requestedBy} and ${inArray(staff.branchId, branches)}))`;
}

/** The branches whose rows somebody's list may bring: a manager's own and those below; any (nothing) for admins and managers of no branch. */
export function branchesToImport({ roles, branchId, branches }: Viewer): readonly string[] | undefined {
  return roles.includes('admin') || branchId === null ? undefined : branches;
}
