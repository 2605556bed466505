import { and, asc, eq } from 'drizzle-orm';
import { askedForSecondRound, closingEntries, endsCase } from '../../renewal/correction.ts';
import { dueAfterDays } from '../../renewal/due-time.ts';
import { hasCome, type CaseSituation } from '../cases/case-situation.ts';
import { refreshNextAction } from '../cases/next-action-records.ts';
import { outcomeOf } from '../cases/stage-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { withdrawCredits } from '../losses/credit-records.ts';
import { withdrawLossCheck } from '../losses/loss-finding-records.ts';
import { planClosedMessagesAgain } from '../messages/reopened-messages.ts';
import { onlyRow } from '../only-row.ts';
import { formerOwnerOf } from '../orphans/former-owner.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { giveBackClosedTasks } from '../tasks/given-back-tasks.ts';
import { assignTasks, dropTasks } from '../tasks/task-records.ts';
import { countAnew } from './count-anew.ts';
import type { ResultRow } from './result-records.ts';
import { markStruck, type Striking } from './struck-results.ts';

/**
 * Whether a correction opens a closed case again (docs/decisions/0014): there is time left until its grace ends, the close
 * rests on the mistake, and neither what replaces it nor the core system says that the case has ended.
 */
export async function mayReopen(tx: Db, situation: CaseSituation, { row, correction }: Striking): Promise<boolean> {
  const { renewal, policy, plan } = situation;
  const { replacement } = correction;
  if (replacement && endsCase(replacement.result)) return false;
  if (renewal.outcome === 'orphan-handed-off' || policy.renewedAs !== null || policy.cancelledOn !== null) return false;
  if (hasCome(situation, plan.closesAt)) return false;
  return closingEntries(await entriesTaken(tx, renewal.id)).includes(row.id);
}

/**
 * Opens a closed case again, as if the mistake had not been made: credit, checks and what was left to do when it closed
 * follow. Its workflow has completed, so a new run is started; until then the row says that it waits for one.
 */
export async function reopenCase(
  tx: Db,
  situation: CaseSituation,
  { row, correction }: Striking,
): Promise<{ struck: ResultRow; current: CaseSituation }> {
  const { renewal } = situation;
  const { by } = correction;
  const struck = await markStruck(tx, situation, { row, correction, state: 'correcting' });
  const opened = await openAgain(tx, situation);
  const reason = 'reopened-by-correction';
  const inputs = { from: outcomeOf(renewal), resultId: row.id };
  await journalise(tx, [{ chain: renewal.id, actor: by, event: reason, reason: 'mistaken-entry', inputs }]);
  await withdrawCredits(tx, { renewalId: renewal.id, by, reason });
  await withdrawLossCheck(tx, { renewalId: renewal.id, by });
  await dropTasks(tx, { renewalId: renewal.id, reason, kinds: ['renewal-check'] });
  await giveBackClosedTasks(tx, opened);
  await planClosedMessagesAgain(tx, opened);
  const counted = await countAnew(tx, opened, struck);
  const current = struck.kind === 'second-round' ? await runSecondRoundAgain(tx, counted, struck) : counted;
  return { struck, current };
}

/**
 * Counts as a correction of the calendar too: the new run looks for its stage without ending the one before. An orphan is
 * its former owner's again, until whoever left is looked for.
 */
async function openAgain(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal } = situation;
  const owner = renewal.orphanedAt === null ? undefined : await formerOwnerOf(tx, renewal.id);
  const opened = await tx
    .update(renewals)
    .set({
      outcome: null,
      lossReason: null,
      renewable: true,
      renewedEarly: false,
      newPolicyNumber: null,
      closedAt: null,
      correctedAt: null,
      secondRoundReason: null,
      ...(owner === undefined ? {} : { ownerId: owner, orphanedAt: null }),
      expiryRevision: renewal.expiryRevision + 1,
      workflowStartedAt: null,
      reopenedAt: new Date(),
    })
    .where(eq(renewals.id, renewal.id))
    .returning();
  return { ...situation, renewal: onlyRow(opened) };
}

/** What asked for the second round stands: the supervisor decides anew. */
async function runSecondRoundAgain(tx: Db, situation: CaseSituation, struck: ResultRow): Promise<CaseSituation> {
  const { renewal, plan, clock, stagePlan } = situation;
  const asked = askedForSecondRound(await entriesTaken(tx, renewal.id));
  if (!asked) return situation;
  const due = dueAfterDays({ from: clock.now, days: stagePlan.secondRoundDays, latest: plan.closesAt });
  const secondRoundReason = asked.result === 'unreachable' ? 'unreachable' : (asked.lossReason ?? 'other');
  const running = { secondRoundDueAt: new Date(due.dueAt), secondRoundReason };
  await tx.update(renewals).set(running).where(eq(renewals.id, renewal.id));
  await dropTasks(tx, { renewalId: renewal.id, reason: 'result-corrected', kinds: ['second-round'] });
  await assignTasks(tx, situation, [{ kind: 'second-round', occasion: struck.id, ...due }]);
  const current = { ...situation, renewal: { ...renewal, ...running } };
  await refreshNextAction(tx, current);
  const inputs = { resultId: asked.id, dueAt: running.secondRoundDueAt.toISOString() };
  const entry = { chain: renewal.id, actor: 'system', event: 'second-round-opened', reason: secondRoundReason, inputs };
  await journalise(tx, [entry]);
  return current;
}

function entriesTaken(tx: Db, renewalId: string): Promise<ResultRow[]> {
  return tx
    .select()
    .from(contactResults)
    .where(and(eq(contactResults.renewalId, renewalId), eq(contactResults.state, 'applied')))
    .orderBy(asc(contactResults.recordedAt), asc(contactResults.id));
}
