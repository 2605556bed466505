import { eq } from 'drizzle-orm';
import type { CaseSituation } from './case-situation.ts';
import type { Ending } from '../../renewal/case-state.ts';
import { lapseConcessions } from '../concessions/concession-decisions.ts';
import type { Db } from '../connection.ts';
import { closeItemsOf } from '../orphans/handover-records.ts';
import { unownedUntilNow } from './owner-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';

/** Enters a case into its book. */
export async function closeRenewal(tx: Db, situation: CaseSituation, ending: Ending): Promise<void> {
  const { renewal, policy, clock } = situation;
  const { outcome } = ending;
  const reportedNumber = outcome.kind === 'renewed' ? policy.renewedAs : null;
  await tx
    .update(renewals)
    .set({
      outcome: outcome.kind,
      lossReason: outcome.kind === 'lost' ? outcome.reason : null,
      renewable: outcome.kind === 'lost' ? outcome.renewable : true,
      receivingChannel: outcome.kind === 'orphan-handed-off' ? outcome.channel : null,
      renewedEarly: outcome.kind === 'renewed' && outcome.early,
      newPolicyNumber: renewal.newPolicyNumber ?? (await newPolicyNumberOf(tx, ending.resultId)) ?? reportedNumber,
      closedAt: new Date(clock.now),
      nextAction: null,
      nextActionAt: null,
      callBackAt: null,
      secondRoundDueAt: null,
      heldUntil: null,
      unownedSeconds: unownedUntilNow,
    })
    .where(eq(renewals.id, renewal.id));
  await closeItemsOf(tx, renewal.id, outcome);
  await lapseConcessions(tx, renewal.id, `case-closed:${outcome.kind}`);
}

async function newPolicyNumberOf(tx: Db, resultId: string | undefined): Promise<string | null> {
  if (resultId === undefined) return null;
  const [result] = await tx
    .select({ newPolicyNumber: contactResults.newPolicyNumber })
    .from(contactResults)
    .where(eq(contactResults.id, resultId));
  return result?.newPolicyNumber ?? null;
}
