import type { Present, RunningCase } from '../../renewal/follow-plan.ts';
import type { Segment } from '../../renewal/segment.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { readKnownMessages } from '../messages/follow-messages.ts';
import { knownTasks } from '../tasks/known-tasks.ts';
import { isCallCentres, mayBeWrittenTo, type CaseSituation } from './case-situation.ts';
import { handoverDueAt } from './next-action-records.ts';

/** An open case with all that decides what another plan does to it. */
export async function readRunningCase(tx: Db, situation: CaseSituation): Promise<RunningCase> {
  const { renewal } = situation;
  const handover = renewal.orphanedAt === null ? undefined : await handoverDueAt(tx, renewal.id);
  return {
    renewalId: renewal.id,
    stage: (renewal.stage ?? undefined) as Stage | undefined,
    expiresOn: renewal.expiresOn,
    graceFrom: renewal.graceFrom,
    openedAt: renewal.openedAt.getTime(),
    segment: renewal.segment as Segment,
    confirmed: renewal.confirmedAt !== null,
    heldUntil: renewal.heldUntil?.getTime(),
    secondRoundDueAt: renewal.secondRoundDueAt?.getTime(),
    callBackAt: renewal.callBackAt?.getTime(),
    isOrphan: renewal.orphanedAt !== null,
    handoverDueAt: handover,
    isCallCentres: isCallCentres(renewal),
    mayBeWrittenTo: (at) => mayBeWrittenTo(situation, at),
    messages: await readKnownMessages(tx, renewal.id),
    tasks: await knownTasks(tx, renewal),
  };
}

/** Where and when a case is looked at. */
export function presentOf({ clock, tolerance, calendar }: CaseSituation): Present {
  return { now: clock.now, tolerance, calendar };
}
