import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { importRejections, imports } from '../db/schema/imports.ts';
import { staff } from '../db/schema/organisation.ts';
import type { Viewer } from './visible-renewals.ts';

/** One import with its counts so far; none when this person may not see it. */
export async function readImport(db: Db, id: string, viewer: Viewer) {
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.id, id), importsVisibleTo(viewer)));
  return row;
}

/** An import is its sender's and their branch's, because its rejected rows name customers; admins see all. */
function importsVisibleTo({ id, roles, branchId, branches }: Viewer): SQL {
  const isManager = roles.includes('channel-manager');
  if (roles.includes('admin') || (isManager && branchId === null)) return sql`true`;
  if (!isManager) return sql`false`;
  return sql`(${imports.requestedBy} = ${id} or exists (select 1 from ${staff}
    where ${staff.id} = ${imports.requestedBy} and ${inArray(staff.branchId, branches)}))`;
}

/** One page of rejected rows by line, after a position; `line` counts as in the file (api.md, Resources). */
export function listRejections(
  db: Db,
  importId: string,
  page: { after?: { line: number; id: string } | undefined; limit: number },
) {
  const { after, limit } = page;
  return db
    .select()
    .from(importRejections)
    .where(
      and(
        eq(importRejections.importId, importId),
        after && sql`(${importRejections.line}, ${importRejections.id}) > (${after.line}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(importRejections.line), asc(importRejections.id))
    .limit(limit);
}
