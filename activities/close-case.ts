import type { CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { enterBook } from '../src/db/cases/enter-book.ts';
import { plannedConfirmations } from '../src/db/messages/planned-messages.ts';
import { lossReasonOf, outcomeOf } from '../src/db/cases/stage-records.ts';
import type { Closed, CloseQuestion } from '../src/renewal/case-answers.ts';
import type { Ending } from '../src/renewal/case-state.ts';
import { decideClose } from './close-by-time.ts';

/** Enters the case into one of the three books, silences it, and plans the one confirmation after a renewal. */
export async function closeCase(tx: Db, situation: CaseSituation, question: CloseQuestion): Promise<Closed> {
  const { renewal } = situation;
  const known = outcomeOf(renewal);
  if (known) return { kind: 'closed', outcome: known, confirmBy: await plannedConfirmations(tx, renewal.id) };
  const decision = await decideClose(tx, situation, question.ending);
  if (decision.kind === 'not-yet') return decision;
  const ending = asTheBooksSay(situation, decision.ending);
  await enterBook(tx, situation, { ending, by: 'system' });
  const { outcome } = ending;
  return { kind: 'closed', outcome, confirmBy: await plannedConfirmations(tx, renewal.id) };
}

/** A refusal of contact changes what a second round is about while it runs; the books know it. */
function asTheBooksSay({ renewal }: CaseSituation, ending: Ending): Ending {
  const { outcome, cause } = ending;
  if (outcome.kind !== 'lost' || !cause.startsWith('second-round:') || renewal.secondRoundReason === null)
    return ending;
  return { ...ending, outcome: { ...outcome, reason: lossReasonOf(renewal.secondRoundReason) } };
}
