import { and, eq, sql } from 'drizzle-orm';
import type { ConcessionState } from '../../renewal/concession.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { concessions } from '../schema/concessions.ts';

export type ConcessionRow = typeof concessions.$inferSelect;

/** Ends a concession that still waits; its last ask goes with it. */
export async function settleConcession(
  tx: Db,
  id: string,
  settled: Partial<ConcessionRow> & { state: ConcessionState },
): Promise<ConcessionRow> {
  const rows = await tx
    .update(concessions)
    .set({ ...settled, dueAt: null, decidedAt: sql`business_now()` })
    .where(and(eq(concessions.id, id), eq(concessions.state, 'pending')))
    .returning();
  return onlyRow(rows);
}

export async function journaliseConcession(
  tx: Db,
  { id, renewalId, percent, step, level, ladderVersion }: ConcessionRow,
  entry: { actor: string; event: string; reason: string; inputs?: Record<string, unknown> },
): Promise<void> {
  const inputs = { concessionId: id, percent: Number(percent), step, level, ladderVersion, ...entry.inputs };
  await journalise(tx, [{ ...entry, chain: renewalId, inputs }]);
}
