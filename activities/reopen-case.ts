import { and, desc, eq, inArray } from 'drizzle-orm';
import { readSituation, type CaseSituation } from '../src/db/cases/case-situation.ts';
import { endSecondRound } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import { applyResult, applySecondRound } from '../src/db/results/apply-result.ts';
import { receivedResults, type ResultRow } from '../src/db/results/result-records.ts';
import { contactResults } from '../src/db/schema/contact-results.ts';
import { asksForSecondRound, type ContactResult } from '../src/renewal/contact-result.ts';

/**
 * The supervisor reopened the case: its second round is over in the books. The decision and the results that it is about take
 * effect with it, so that none of them, told once more, opens the round again.
 */
export async function reopenCase(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal, calendar } = situation;
  const decision = await readReopening(tx, renewal.id);
  if (!decision) return endSecondRound(tx, situation);
  for (const row of await receivedResults(tx, renewal.id)) {
    if (isAskedBefore(row, decision)) await applyResult(tx, row, calendar);
  }
  await applySecondRound(tx, decision);
  return endSecondRound(tx, await readSituation(tx, renewal.id, calendar));
}

async function readReopening(tx: Db, renewalId: string): Promise<ResultRow | undefined> {
  const [newest] = await tx
    .select()
    .from(contactResults)
    .where(
      and(
        eq(contactResults.renewalId, renewalId),
        eq(contactResults.kind, 'second-round'),
        eq(contactResults.result, 'reopened'),
        inArray(contactResults.state, ['received', 'applied']),
      ),
    )
    .orderBy(desc(contactResults.recordedAt))
    .limit(1);
  return newest;
}

function isAskedBefore({ kind, result, recordedAt }: ResultRow, decision: ResultRow): boolean {
  return kind === 'contact' && asksForSecondRound(result as ContactResult) && recordedAt <= decision.recordedAt;
}
