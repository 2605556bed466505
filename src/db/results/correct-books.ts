import { and, eq, inArray, ne } from 'drizzle-orm';
import { outcomeNamedBy } from '../../renewal/correction.ts';
import { RenewalError } from '../../renewal/errors.ts';
import type { Outcome } from '../../renewal/loss.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { creditRenewal, withdrawCredits } from '../losses/credit-records.ts';
import { renameLossCheck, withdrawLossCheck } from '../losses/loss-finding-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { missConfirmation } from '../messages/planned-messages.ts';
import { withdrawConfirmation } from '../messages/reopened-messages.ts';
import { liftRefusal } from './lift-refusal.ts';
import { doubtNewNumber } from './new-number.ts';
import { storeResult, type NewResult, type ResultRow } from './result-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { outcomeOf } from '../cases/stage-records.ts';
import { markStruck, replacementOf, type Striking, type StruckOut } from './struck-results.ts';
import { dropTasks } from '../tasks/task-records.ts';

/**
 * Corrects a case that has closed: the books change, its workflow stays as it ended (docs/decisions/0014). What replaces the
 * entry must name a book. Throws `correction-needs-outcome` and
 * `result-not-correctable`.
 */
export async function correctBooks(tx: Db, situation: CaseSituation, striking: Striking): Promise<StruckOut> {
  const { row, correction } = striking;
  const replacement = replacementOf(correction);
  const outcome = replacement && outcomeNamedBy(replacement, isEarly(situation, { row, replacement }));
  if (!replacement || !outcome) {
    throw new RenewalError('correction-needs-outcome', 'After the close a correction says how the case really ended.');
  }
  if (outcome.kind !== 'renewed' && situation.policy.renewedAs !== null) {
    throw new RenewalError('result-not-correctable', 'The core system reported the policy as renewed.');
  }
  await requireNoStandingClose(tx, row);
  const struck = await markStruck(tx, situation, { ...striking, state: 'corrected' });
  const early = outcome.kind === 'renewed' && outcome.early;
  const stored = await storeResult(tx, situation, { ...replacement, state: 'applied', early });
  await doubtNewNumber(tx, situation, stored);
  await changeBooks(tx, situation, { outcome, replacement: stored });
  await followOutcome(tx, situation, { stored, outcome });
  if (row.result === 'refused-contact') await liftRefusal(tx, situation, struck);
  return { row: struck, replacement: stored };
}

/** Where another entry that stands names the book, only that one may be corrected into another. */
async function requireNoStandingClose(tx: Db, { id, renewalId }: ResultRow): Promise<void> {
  const named = and(
    eq(contactResults.renewalId, renewalId),
    ne(contactResults.id, id),
    eq(contactResults.state, 'applied'),
    inArray(contactResults.result, ['renewed', 'not-renewable']),
  );
  if ((await tx.$count(contactResults, named)) === 0) return;
  throw new RenewalError('result-not-correctable', 'Another entry closed the case; that one is to be corrected.');
}

/** Whether the bind clock was still closed when the renewal took place, as far as anybody said when that was. */
function isEarly({ plan }: CaseSituation, { row, replacement }: { row: ResultRow; replacement: NewResult }): boolean {
  const at = replacement.occurredAt ?? row.occurredAt ?? row.recordedAt;
  return at.getTime() < plan.bindOpensAt;
}

async function changeBooks(
  tx: Db,
  { renewal, clock }: CaseSituation,
  { outcome, replacement }: { outcome: Outcome; replacement: ResultRow },
): Promise<void> {
  const isLost = outcome.kind === 'lost';
  await tx
    .update(renewals)
    .set({
      outcome: outcome.kind,
      lossReason: isLost ? outcome.reason : null,
      renewable: isLost ? outcome.renewable : true,
      receivingChannel: null,
      renewedEarly: outcome.kind === 'renewed' && outcome.early,
      newPolicyNumber: isLost ? null : replacement.newPolicyNumber,
      correctedAt: new Date(clock.now),
    })
    .where(eq(renewals.id, renewal.id));
  const inputs = { from: outcomeOf(renewal), to: outcome, resultId: replacement.id, corrects: replacement.correctsId };
  const entry = {
    chain: renewal.id,
    actor: replacement.recordedBy,
    event: 'books-corrected',
    reason: 'mistaken-entry',
  };
  await journalise(tx, [{ ...entry, inputs }]);
}

/** Credit and checks follow the book in which the case lies now. */
async function followOutcome(
  tx: Db,
  situation: CaseSituation,
  { stored, outcome }: { stored: ResultRow; outcome: Outcome },
): Promise<void> {
  const { id, renewalId, recordedBy } = stored;
  const credited = { renewalId, by: recordedBy, reason: 'books-corrected' };
  if (outcome.kind === 'renewed') {
    await creditRenewal(tx, { ...credited, resultId: id });
    await withdrawLossCheck(tx, credited);
    if (situation.renewal.outcome !== 'renewed') await missConfirmation(tx, situation);
  } else {
    await withdrawCredits(tx, credited);
    if (outcome.kind === 'lost' && outcome.renewable) await renameLossCheck(tx, { renewalId, reason: outcome.reason });
    else await withdrawLossCheck(tx, credited);
    await withdrawConfirmation(tx, situation, outcome.kind);
    await dropTasks(tx, { renewalId, reason: 'result-corrected', kinds: ['renewal-check'] });
  }
}
