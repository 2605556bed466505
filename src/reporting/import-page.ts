import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { importRejections, imports } from '../db/schema/imports.ts';
import { importsVisibleTo } from './scope/imports.ts';
import type { Viewer } from './scope/viewer.ts';

/** One import with its counts so far; none when this person may not see it. */
export async function readImport(db: Db, id: string, viewer: Viewer) {
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.id, id), importsVisibleTo(viewer)));
  return row;
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
