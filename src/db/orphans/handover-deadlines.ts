import { refreshNextActions } from '../cases/next-action-records.ts';
import type { Calendar } from '../../renewal/calendar.ts';
import { afterSilence } from '../../renewal/orphan.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { offerItems, returnItems } from './handover-decisions.ts';
import { finishTaskIfDecided, lockCases, lockHandover, selectItems, type HandoverRow } from './handover-records.ts';

/** What a passed deadline brings: undecided cases are offered to the call centre, unanswered offers go on by the rule. */
export async function actOnSilence(tx: Db, handoverId: string, calendar: Calendar): Promise<void> {
  const renewalIds = await lockCases(tx, { handoverId });
  const handover = await lockHandover(tx, handoverId);
  const { now } = await readClock(tx);
  const offered = await selectItems(tx, { handoverId, states: ['offered'] });
  const unanswered = offered.filter((item) => item.offerDueAt !== null && item.offerDueAt.getTime() <= now);
  // Before the unanswered ones come back: those have a deadline of their own.
  if (handover.dueAt.getTime() <= now) await offerUndecided(tx, handover, calendar);
  await returnItems(tx, handover, { items: unanswered, by: 'system', reason: 'not-accepted-in-time', calendar });
  await finishTaskIfDecided(tx, handoverId, 'system');
  await refreshNextActions(tx, renewalIds, calendar);
}

async function offerUndecided(tx: Db, { id, branchId }: HandoverRow, calendar: Calendar): Promise<void> {
  const undecided = await selectItems(tx, { handoverId: id, states: ['undecided'] });
  const step = afterSilence();
  if (undecided.length === 0 || step.kind !== 'offer') return;
  const offer = { branchId, channel: step.channel, by: 'system', reason: 'not-decided-in-time', calendar };
  await offerItems(tx, undecided, offer);
}
