import { and, eq, sql } from 'drizzle-orm';
import type { LossReason } from '../renewal/loss.ts';
import type { LossCheckState } from '../renewal/loss-sample.ts';
import type { Db } from './connection.ts';
import { journalise } from './journal-records.ts';
import { onlyRow } from './only-row.ts';
import { lossChecks } from './schema/loss-checks.ts';
import { renewals } from './schema/renewals.ts';
import { tasks } from './schema/tasks.ts';

export type LossCheckRow = typeof lossChecks.$inferSelect;

/** What the customer said when called back; without a confirmation the actual reason. */
export type Finding = { checkId: string; by: string; note: string } & (
  { confirmed: true } | { confirmed: false; actualReason: LossReason }
);

export type FindingAnswer =
  { kind: 'recorded'; check: LossCheckRow } | { kind: 'decided'; check: LossCheckRow } | { kind: 'unknown' };

/**
 * Keeps what a call-back found, completes its task and, where the reason was not true, changes it in the books; the old one
 * stays on the check and in the journal. The same finding again changes nothing, another one is `decided`.
 */
export async function recordFinding(tx: Db, finding: Finding): Promise<FindingAnswer> {
  const [check] = await tx.select().from(lossChecks).where(eq(lossChecks.id, finding.checkId)).for('update');
  if (!check) return { kind: 'unknown' };
  const actualReason = finding.confirmed ? check.lossReason : finding.actualReason;
  const state: LossCheckState = finding.confirmed ? 'confirmed' : 'overturned';
  if (check.state !== 'open') {
    const isSame = check.state === state && check.actualReason === actualReason;
    return { kind: isSame ? 'recorded' : 'decided', check };
  }
  const { by, note, confirmed } = finding;
  const found = { state, confirmed, actualReason, note, foundBy: by, foundAt: sql`business_now()` };
  const kept = onlyRow(await tx.update(lossChecks).set(found).where(eq(lossChecks.id, check.id)).returning());
  if (!confirmed) await overturnReason(tx, kept, by);
  await completeCheck(tx, kept, by);
  return { kind: 'recorded', check: kept };
}

/** A case that a correction has moved to another book since it was drawn has no loss reason to change. */
async function overturnReason(tx: Db, { id, renewalId, actualReason }: LossCheckRow, by: string): Promise<void> {
  const [lost] = await tx
    .select({ lossReason: renewals.lossReason })
    .from(renewals)
    .where(and(eq(renewals.id, renewalId), eq(renewals.outcome, 'lost')))
    .for('update');
  if (!lost) return;
  const change = { lossReason: actualReason, correctedAt: sql`business_now()` };
  await tx.update(renewals).set(change).where(eq(renewals.id, renewalId));
  const inputs = { lossCheckId: id, from: lost.lossReason, to: actualReason };
  await journalise(tx, [
    { chain: renewalId, actor: by, event: 'loss-reason-corrected', reason: 'call-back-check', inputs },
  ]);
}

async function completeCheck(tx: Db, { id, renewalId, state, actualReason }: LossCheckRow, by: string): Promise<void> {
  await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: by,
      completion: { finding: state, actualReason },
    })
    .where(and(eq(tasks.lossCheckId, id), eq(tasks.state, 'open')));
  const inputs = { lossCheckId: id, finding: state };
  await journalise(tx, [{ chain: renewalId, actor: by, event: 'call-back-checked', reason: 'finding', inputs }]);
}
