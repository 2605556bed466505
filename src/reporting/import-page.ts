import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
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

type RejectionPage = { importId: string; after?: { line: number; id: string } | undefined; limit: number };

/** One page of rejected rows by line, after a position, of an import that the viewer may see; `line` counts as in the file. */
export function listRejections(db: Db, viewer: Viewer, { importId, after, limit }: RejectionPage) {
  return db
    .select(getTableColumns(importRejections))
    .from(importRejections)
    .innerJoin(imports, eq(imports.id, importRejections.importId))
    .where(
      and(
        eq(importRejections.importId, importId),
        importsVisibleTo(viewer),
        after && sql`(${importRejections.line}, ${importRejections.id}) > (${after.line}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(importRejections.line), asc(importRejections.id))
    .limit(limit);
}
