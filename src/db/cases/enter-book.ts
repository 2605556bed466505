import type { Ending } from '../../renewal/case-state.ts';
import type { CaseSituation } from './case-situation.ts';
import { closeRenewal } from './close-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { creditRenewal } from '../losses/credit-records.ts';
import { cancelMessages, expireMessages, planConfirmation } from '../messages/planned-messages.ts';
import { handOnFleetTasks } from '../tasks/fleet-tasks.ts';
import { dropTasks } from '../tasks/task-records.ts';

/**
 * Enters a case into one of the three books, silences it, lets its fleet go on without it, and plans the one confirmation
 * after a renewal. The caller has locked the case and its fleet.
 */
export async function enterBook(
  tx: Db,
  situation: CaseSituation,
  close: { ending: Ending; by: string },
): Promise<void> {
  const { renewal, planVersion } = situation;
  const { ending, by } = close;
  const { outcome, cause: reason, resultId } = ending;
  const isRenewed = outcome.kind === 'renewed';
  await closeRenewal(tx, situation, ending);
  if (isRenewed) await creditRenewal(tx, { renewalId: renewal.id, resultId, by, reason });
  await expireMessages(tx, situation, 'day-has-passed');
  await cancelMessages(tx, situation, outcome.kind);
  await handOnFleetTasks(tx, situation);
  await dropTasks(tx, { renewalId: renewal.id, reason: `case-closed:${outcome.kind}` });
  if (isRenewed) await planConfirmation(tx, situation);
  const inputs = { outcome, resultId: resultId ?? null, planVersion };
  await journalise(tx, [{ chain: renewal.id, actor: by, event: `closed:${outcome.kind}`, reason, inputs }]);
}
