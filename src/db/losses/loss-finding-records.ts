import { and, eq, inArray, sql } from 'drizzle-orm';
import type { LossReason } from '../../renewal/loss.ts';
import type { LossCheckState } from '../../renewal/loss-sample.ts';
import { lockCase } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { journalise, type JournalEntry } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { lossChecks } from '../schema/loss-checks.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { dropTasks } from '../tasks/task-records.ts';

type LossCheckRow = typeof lossChecks.$inferSelect;

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
  const check = await lockCheck(tx, finding.checkId);
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

/** The case comes before its check, as in a correction of the books. */
async function lockCheck(tx: Db, id: string): Promise<LossCheckRow | undefined> {
  const [known] = await tx.select({ renewalId: lossChecks.renewalId }).from(lossChecks).where(eq(lossChecks.id, id));
  if (!known) return undefined;
  await lockCase(tx, known.renewalId);
  const [check] = await tx.select().from(lossChecks).where(eq(lossChecks.id, id)).for('update');
  return check;
}

/** A case that a correction has moved to another book since it was drawn has no loss reason to change. */
async function overturnReason(tx: Db, { id, renewalId, actualReason }: LossCheckRow, by: string): Promise<void> {
  const [lost] = await tx
    .select({ lossReason: renewals.lossReason })
    .from(renewals)
    .where(and(eq(renewals.id, renewalId), eq(renewals.outcome, 'lost')));
  if (!lost) return;
  const change = { lossReason: actualReason, correctedAt: sql`business_now()` };
  await tx.update(renewals).set(change).where(eq(renewals.id, renewalId));
  const inputs = { lossCheckId: id, from: lost.lossReason, to: actualReason };
  await journalise(tx, [
    { chain: renewalId, actor: by, event: 'loss-reason-corrected', reason: 'call-back-check', inputs },
  ]);
}

/** A correction took the case out of the lost book: nobody is to be asked why it was lost. */
export async function withdrawLossCheck(tx: Db, { renewalId, by }: { renewalId: string; by: string }): Promise<void> {
  const state: LossCheckState = 'withdrawn';
  const withdrawn = await tx
    .update(lossChecks)
    .set({ state })
    .where(and(eq(lossChecks.renewalId, renewalId), eq(lossChecks.state, 'open')))
    .returning({ id: lossChecks.id });
  if (withdrawn.length === 0) return;
  const reason = 'books-corrected';
  await dropTasks(tx, { renewalId, reason, kinds: ['call-back-check'] });
  const inputs = { lossCheckId: withdrawn[0]?.id };
  await journalise(tx, [{ chain: renewalId, actor: by, event: 'call-back-withdrawn', reason, inputs }]);
}

/** Nobody calls back a customer who is left alone; answers the entries for the journal of each case. */
export async function withdrawLossChecksOf(tx: Db, customerId: string): Promise<JournalEntry[]> {
  const theirs = tx
    .select({ id: renewals.id })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(policies.customerId, customerId));
  const state: LossCheckState = 'withdrawn';
  const withdrawn = await tx
    .update(lossChecks)
    .set({ state })
    .where(and(inArray(lossChecks.renewalId, theirs), eq(lossChecks.state, 'open')))
    .returning({ id: lossChecks.id, renewalId: lossChecks.renewalId });
  const reason = 'refused-contact';
  for (const { renewalId } of withdrawn) await dropTasks(tx, { renewalId, reason, kinds: ['call-back-check'] });
  return withdrawn.map(({ id, renewalId }) => ({
    chain: renewalId,
    actor: 'system',
    event: 'call-back-withdrawn',
    reason,
    inputs: { lossCheckId: id },
  }));
}

/** A check that waits asks about the reason that the books have now. */
export async function renameLossCheck(
  tx: Db,
  { renewalId, reason }: { renewalId: string; reason: string },
): Promise<void> {
  await tx
    .update(lossChecks)
    .set({ lossReason: reason })
    .where(and(eq(lossChecks.renewalId, renewalId), eq(lossChecks.state, 'open')));
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
