import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { concessionAsks, concessions } from '../db/schema/concessions.ts';
import { concessionsVisibleTo } from './scope/concessions.ts';
import type { Viewer } from './scope/viewer.ts';

type ConcessionRow = typeof concessions.$inferSelect;

/** A concession with the levels that were asked, in their order. */
export type ConcessionPage = ConcessionRow & { asks: (typeof concessionAsks.$inferSelect)[] };

/** One concession; nothing when it does not exist or its case is not the viewer's to see. */
export async function readConcessionPage(db: Db, viewer: Viewer, id: string): Promise<ConcessionPage | undefined> {
  const rows = await db
    .select()
    .from(concessions)
    .where(and(eq(concessions.id, id), concessionsVisibleTo(viewer, db)));
  const [page] = await withAsks(db, rows);
  return page;
}

/** The concessions of a case that the caller may see, in the order of their requests. */
export async function readConcessionsOf(db: Db, renewalId: string): Promise<ConcessionPage[]> {
  const rows = await db
    .select()
    .from(concessions)
    .where(eq(concessions.renewalId, renewalId))
    .orderBy(asc(concessions.requestedAt), asc(concessions.id))
    .limit(500);
  return withAsks(db, rows);
}

async function withAsks(db: Db, rows: readonly ConcessionRow[]): Promise<ConcessionPage[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const asks = await db
    .select()
    .from(concessionAsks)
    .where(inArray(concessionAsks.concessionId, ids))
    .orderBy(asc(concessionAsks.askedAt));
  return rows.map((row) => ({ ...row, asks: asks.filter(({ concessionId }) => concessionId === row.id) }));
}
