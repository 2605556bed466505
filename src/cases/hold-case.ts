import {
  holdCase as holdRow,
  resumeCase as resumeRow,
  type Hold,
  type HoldAnswer,
  type ResumeAnswer,
} from '../db/cases/hold-records.ts';
import type { CaseDeps } from './connect.ts';
import { notifyCase } from './notices.ts';

/** Holds a case: first the books, which every step asks, then the case itself. Throws when Temporal is away. */
export async function holdCase(deps: CaseDeps, hold: Hold): Promise<HoldAnswer> {
  const answer = await deps.db.transaction((tx) => holdRow(tx, hold, deps.calendar));
  if (answer.kind === 'held' && answer.tellUntil !== undefined) {
    await notifyCase(deps, hold.renewalId, { key: `hold.${hold.id}`, kind: 'held', until: answer.tellUntil });
  }
  return answer;
}

/** Ends the hold of a case before its time. Throws when Temporal is away. */
export async function resumeCase(
  deps: CaseDeps,
  resumed: { id: string; renewalId: string; by: string },
): Promise<ResumeAnswer> {
  const answer = await deps.db.transaction((tx) => resumeRow(tx, resumed, deps.calendar));
  if (answer.kind === 'resumed')
    await notifyCase(deps, resumed.renewalId, { key: `resume.${resumed.id}`, kind: 'resumed' });
  return answer;
}
