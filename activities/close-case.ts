import type { CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { enterBook } from '../src/db/cases/enter-book.ts';
import { plannedConfirmations } from '../src/db/messages/planned-messages.ts';
import { outcomeOf } from '../src/db/cases/stage-records.ts';
import type { Closed, CloseQuestion } from '../src/renewal/case-answers.ts';
import { decideClose } from './close-by-time.ts';

/** Enters the case into one of the three books, silences it, and plans the one confirmation after a renewal. */
export async function closeCase(tx: Db, situation: CaseSituation, question: CloseQuestion): Promise<Closed> {
  const { renewal } = situation;
  const known = outcomeOf(renewal);
  if (known) return { kind: 'closed', outcome: known, confirmBy: await plannedConfirmations(tx, renewal.id) };
  const decision = await decideClose(tx, situation, question.ending);
  if (decision.kind === 'not-yet') return decision;
  const { ending } = decision;
  await enterBook(tx, situation, { ending, by: 'system' });
  const { outcome } = ending;
  return { kind: 'closed', outcome, confirmBy: await plannedConfirmations(tx, renewal.id) };
}
