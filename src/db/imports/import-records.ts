import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../connection.ts';
import { importRejections, imports } from '../schema/imports.ts';

export type ImportCounts = {
  rows: number;
  accepted: number;
  rejected: number;
  created: number;
  changed: number;
  unchanged: number;
};

export type QueuedImport = { fileName: string; format?: string; dryRun: boolean; requestedBy: string };

export type Rejection = { line: number; column: string; reason: string; row: string[] };

/** Enters an import that is about to run; answers its id. */
export async function queueImport(db: Db, request: QueuedImport): Promise<string> {
  const id = uuidv7();
  await db.insert(imports).values({ id, state: 'queued', ...request, requestedAt: sql`business_now()` });
  return id;
}

export async function startImport(db: Db, id: string): Promise<void> {
  await db.update(imports).set({ state: 'running', failure: null, finishedAt: null }).where(eq(imports.id, id));
}

export async function describeImport(db: Db, id: string, found: { format: string; fileSha256: string }): Promise<void> {
  await db.update(imports).set(found).where(eq(imports.id, id));
}

export async function recordProgress(db: Db, id: string, counts: ImportCounts): Promise<void> {
  await db.update(imports).set(counts).where(eq(imports.id, id));
}

/** Ends an import; with a failure as failed. */
export async function finishImport(
  db: Db,
  id: string,
  { counts, failure }: { counts: ImportCounts; failure?: string },
): Promise<void> {
  await db
    .update(imports)
    .set({
      ...counts,
      state: failure === undefined ? 'completed' : 'failed',
      failure: failure ?? null,
      finishedAt: sql`business_now()`,
    })
    .where(eq(imports.id, id));
}

export async function addRejections(db: Db, importId: string, rejections: Rejection[]): Promise<void> {
  if (rejections.length === 0) return;
  await db.insert(importRejections).values(rejections.map((rejection) => ({ id: uuidv7(), importId, ...rejection })));
}

/** Rejected rows behind a line, in the order of the file. */
export async function listRejections(
  db: Db,
  importId: string,
  page: { afterLine: number; limit: number },
): Promise<Rejection[]> {
  const { line, column, reason, row } = importRejections;
  return db
    .select({ line, column, reason, row })
    .from(importRejections)
    .where(and(eq(importRejections.importId, importId), gt(line, page.afterLine)))
    .orderBy(asc(line))
    .limit(page.limit);
}

export async function findImportFormat(db: Db, importId: string): Promise<string | undefined> {
  const [found] = await db.select({ format: imports.format }).from(imports).where(eq(imports.id, importId));
  return found?.format ?? undefined;
}

/** Holds the mark by which `failStaleImports` knows that an import is alive, for as long as the connection lives. */
export async function markAlive(connection: Db, importId: string): Promise<void> {
  await connection.execute(sql`select pg_advisory_lock(hashtextextended(${importId}, 0))`);
}

/** Ends imports whose process died; answers their ids. Imports that run in another process are left alone. */
export async function failStaleImports(db: Db): Promise<string[]> {
  const ended = await db
    .update(imports)
    .set({ state: 'failed', failure: staleImport, finishedAt: sql`business_now()` })
    .where(
      and(
        inArray(imports.state, ['queued', 'running']),
        sql`pg_try_advisory_xact_lock(hashtextextended(${imports.id}::text, 0))`,
      ),
    )
    .returning({ id: imports.id });
  return ended.map(({ id }) => id);
}

const staleImport =
  'The import stopped before its end because its process ended. Send the file again; nothing is imported twice.';
