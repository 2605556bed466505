import {
  holdCase as holdRow,
  noteHoldTold,
  resumeCase as resumeRow,
  untoldHold,
  type Hold,
  type HoldAnswer,
  type ResumeAnswer,
} from '../db/cases/hold-records.ts';
import type { CaseDeps } from './connect.ts';
import { notifyCase } from './notify-case.ts';

/** Holds a case: first the books, which every step asks, then the case itself. Throws when Temporal is away. */
export async function holdCase(deps: CaseDeps, hold: Hold): Promise<HoldAnswer> {
  const answer = await deps.db.transaction((tx) => holdRow(tx, hold, deps.calendar));
  if (answer.kind === 'held') await tellHold(deps, hold.renewalId);
  return answer;
}

/** Ends the hold of a case before its time. Throws when Temporal is away. */
export async function resumeCase(
  deps: CaseDeps,
  resumed: { id: string; renewalId: string; by: string },
): Promise<ResumeAnswer> {
  const answer = await deps.db.transaction((tx) => resumeRow(tx, resumed, deps.calendar));
  if (answer.kind === 'resumed') await tellHold(deps, resumed.renewalId);
  return answer;
}

/**
 * Tells a case how its hold stands now, unless it has been told; the sweeper goes on where this breaks off. A signal that
 * Temporal took reaches the case. Throws when Temporal is away.
 */
export async function tellHold(deps: CaseDeps, renewalId: string): Promise<void> {
  const untold = await deps.db.transaction((tx) => untoldHold(tx, renewalId, deps.calendar));
  if (!untold) return;
  if (await notifyCase(deps, renewalId, untold.notice)) await noteHoldTold(deps.db, renewalId, untold.revision);
}
