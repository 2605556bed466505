import { and, eq, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import type { Outcome } from '../../renewal/loss.ts';
import { readSituation } from '../cases/case-situation.ts';
import { outcomeOf } from '../cases/stage-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { creditRenewal } from '../losses/credit-records.ts';
import { withdrawLossCheck } from '../losses/loss-finding-records.ts';
import { missConfirmation } from '../messages/planned-messages.ts';
import { renewals } from '../schema/renewals.ts';

type RenewalRow = typeof renewals.$inferSelect;

/** `early`: before the bind clock opened; `reason` says for the journal how we know. */
type ReportedRenewal = { newPolicyNumber: string; early: boolean; reason: string; calendar: Calendar };

/**
 * A system reports that the policy of a lost case was renewed: the books change (business.md, Contact results). Nobody
 * closed it, so the credit goes by who reached the customer and whose it is.
 */
export async function renewLostCase(tx: Db, lost: RenewalRow, reported: ReportedRenewal): Promise<void> {
  const { newPolicyNumber, early, reason, calendar } = reported;
  const outcome: Outcome = { kind: 'renewed', early };
  const changed = await tx
    .update(renewals)
    .set({
      outcome: outcome.kind,
      lossReason: null,
      renewable: true,
      renewedEarly: early,
      newPolicyNumber,
      correctedAt: sql`business_now()`,
    })
    .where(and(eq(renewals.id, lost.id), eq(renewals.outcome, 'lost')))
    .returning({ id: renewals.id });
  if (changed.length === 0) return;
  const by = 'core-system';
  const inputs = { from: outcomeOf(lost), to: outcome, newPolicyNumber };
  await journalise(tx, [{ chain: lost.id, actor: by, event: 'books-corrected', reason, inputs }]);
  await creditRenewal(tx, { renewalId: lost.id, by, reason });
  await withdrawLossCheck(tx, { renewalId: lost.id, by });
  await missConfirmation(tx, await readSituation(tx, lost.id, calendar));
}
