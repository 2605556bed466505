import type { Instant } from '../../renewal/calendar.ts';
import type { Present, RunningCase } from '../../renewal/follow-plan.ts';
import type { Segment } from '../../renewal/segment.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { readKnownMessages } from '../messages/follow-messages.ts';
import type { renewals } from '../schema/renewals.ts';
import { knownTasks } from '../tasks/known-tasks.ts';
import { isCallCentres, mayBeWrittenTo, type CaseSituation } from './case-situation.ts';
import { handoverDueAt } from './next-action-records.ts';

/** The columns of a case that decide what another plan does to it. */
export type RunningRow = Pick<
  typeof renewals.$inferSelect,
  | 'id'
  | 'stage'
  | 'expiresOn'
  | 'graceFrom'
  | 'openedAt'
  | 'segment'
  | 'confirmedAt'
  | 'resultCounted'
  | 'heldUntil'
  | 'secondRoundDueAt'
  | 'callBackAt'
  | 'orphanedAt'
  | 'ownerId'
  | 'callCentreSince'
  | 'refusedContactAt'
  | 'touchesFrom'
>;

type Besides = Pick<RunningCase, 'messages' | 'tasks' | 'handoverDueAt'> & { doNotContactUntil: Instant | null };

/** An open case as the pure rules see it, from its rows. */
export function runningCase(renewal: RunningRow, { doNotContactUntil, ...besides }: Besides): RunningCase {
  return {
    renewalId: renewal.id,
    stage: (renewal.stage ?? undefined) as Stage | undefined,
    expiresOn: renewal.expiresOn,
    graceFrom: renewal.graceFrom,
    openedAt: renewal.openedAt.getTime(),
    segment: renewal.segment as Segment,
    confirmed: renewal.confirmedAt !== null,
    resultCounted: renewal.resultCounted,
    heldUntil: renewal.heldUntil?.getTime(),
    secondRoundDueAt: renewal.secondRoundDueAt?.getTime(),
    callBackAt: renewal.callBackAt?.getTime(),
    isOrphan: renewal.orphanedAt !== null,
    isCallCentres: isCallCentres(renewal),
    touchesFrom: renewal.touchesFrom?.getTime(),
    mayBeWrittenTo: (at) => mayBeWrittenTo({ renewal, doNotContactUntil }, at),
    ...besides,
  };
}

/** An open case with all that decides what another plan does to it. */
export async function readRunningCase(tx: Db, situation: CaseSituation): Promise<RunningCase> {
  const { renewal, doNotContactUntil } = situation;
  return runningCase(renewal, {
    doNotContactUntil,
    handoverDueAt: renewal.orphanedAt === null ? undefined : await handoverDueAt(tx, renewal.id),
    messages: await readKnownMessages(tx, renewal.id),
    tasks: await knownTasks(tx, renewal),
  });
}

/** Where and when a case is looked at. */
export function presentOf({
  clock,
  tolerance,
  calendar,
}: Pick<CaseSituation, 'clock' | 'tolerance' | 'calendar'>): Present {
  return { now: clock.now, tolerance, calendar };
}
