import { and, eq, sql } from 'drizzle-orm';
import { RenewalError } from '../../renewal/errors.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import type { NewResult, ResultRow } from './result-records.ts';
import { contactResults } from '../schema/contact-results.ts';

/** A mistaken result, who strikes it out and why; `id` is the request's and also the id of what replaces it. */
export type Correction = {
  id: string;
  renewalId: string;
  resultId: string;
  reason: string;
  by: string;
  replacement?: Omit<NewResult, 'id' | 'renewalId' | 'recordedBy' | 'kind' | 'correctsId'> | undefined;
};

/** The struck-out row, what replaces it, and whether its case had closed and is open again. */
export type StruckOut = { row: ResultRow; replacement: ResultRow | undefined; reopened?: boolean };

export type Striking = { row: ResultRow; correction: Correction };

/** The mistaken entry, locked. Throws `result-unknown`. */
export async function lockResult(tx: Db, { renewalId, resultId }: Correction): Promise<ResultRow> {
  const which = and(eq(contactResults.id, resultId), eq(contactResults.renewalId, renewalId));
  const [row] = await tx.select().from(contactResults).where(which).for('update');
  if (!row) throw new RenewalError('result-unknown', 'This case has no such result.');
  return row;
}

export async function readResult(db: Db, id: string): Promise<ResultRow | undefined> {
  const [row] = await db.select().from(contactResults).where(eq(contactResults.id, id));
  return row;
}

/** Only what took effect or was kept as late can be struck out. Throws `result-unsettled` and `result-not-correctable`. */
export function requireCorrectable({ state }: ResultRow): void {
  if (state === 'received') {
    throw new RenewalError('result-unsettled', 'The entry has not reached its case yet; try again in a moment.');
  }
  if (state === 'applied' || state === 'late') return;
  throw new RenewalError(
    'result-not-correctable',
    `The entry is ${state === 'refused' ? state : 'corrected'} already.`,
  );
}

/** Marks the entry; it stays. `correcting` until its open case has heard of it. */
export async function markStruck(
  tx: Db,
  { renewal, clock }: CaseSituation,
  { row, correction, state }: Striking & { state: 'correcting' | 'corrected' },
): Promise<ResultRow> {
  const { by, reason, id } = correction;
  const marks = { correctedBy: by, correctedAt: new Date(clock.now), correctionReason: reason, sentAt: sql`now()` };
  const changed = await tx
    .update(contactResults)
    .set({ ...marks, state })
    .where(eq(contactResults.id, row.id))
    .returning();
  const inputs = { id, resultId: row.id, result: row.result, replacedBy: correction.replacement?.result ?? null };
  const entry = { chain: renewal.id, actor: by, event: 'result-corrected', reason: 'mistaken-entry', inputs };
  await journalise(tx, [entry]);
  return onlyRow(changed);
}

/** The open case has heard that the entry was struck out. */
export async function markCorrected(tx: Db, row: ResultRow): Promise<void> {
  const waiting = and(eq(contactResults.id, row.id), eq(contactResults.state, 'correcting'));
  await tx.update(contactResults).set({ state: 'corrected' }).where(waiting);
}

export function replacementOf(correction: Correction): NewResult | undefined {
  const { id, renewalId, resultId, by, replacement } = correction;
  return replacement && { ...replacement, id, renewalId, recordedBy: by, kind: 'contact', correctsId: resultId };
}
