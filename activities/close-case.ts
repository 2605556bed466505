import type { CaseSituation } from '../src/db/cases/case-situation.ts';
import { closeRenewal } from '../src/db/cases/close-records.ts';
import type { Db } from '../src/db/connection.ts';
import { creditRenewal } from '../src/db/losses/credit-records.ts';
import { handOnFleetTasks } from '../src/db/tasks/fleet-tasks.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import {
  cancelMessages,
  expireMessages,
  plannedConfirmations,
  planConfirmation,
} from '../src/db/messages/planned-messages.ts';
import { outcomeOf } from '../src/db/cases/stage-records.ts';
import { dropTasks } from '../src/db/tasks/task-records.ts';
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
  const { outcome } = ending;
  await closeRenewal(tx, situation, ending);
  if (outcome.kind === 'renewed') {
    await creditRenewal(tx, { renewalId: renewal.id, resultId: ending.resultId, by: 'system', reason: ending.cause });
  }
  await expireMessages(tx, situation, 'day-has-passed');
  await cancelMessages(tx, renewal.id, `case-closed:${outcome.kind}`);
  await handOnFleetTasks(tx, renewal);
  await dropTasks(tx, { renewalId: renewal.id, reason: `case-closed:${outcome.kind}` });
  if (outcome.kind === 'renewed') await planConfirmation(tx, situation);
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: 'system',
      event: `closed:${outcome.kind}`,
      reason: ending.cause,
      inputs: { outcome, resultId: ending.resultId ?? null, planVersion: situation.planVersion },
    },
  ]);
  return { kind: 'closed', outcome, confirmBy: await plannedConfirmations(tx, renewal.id) };
}
