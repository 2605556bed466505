import { setTimeout } from 'node:timers/promises';
import { readClock, wallInstant } from '../db/business-clock.ts';
import { readPlanOfCase } from '../db/cases/plan-records.ts';
import { applyResult, applySecondRound } from '../db/results/apply-result.ts';
import {
  markLate,
  markRefused,
  readOutcome,
  receiveResult,
  type NewResult,
  type ResultRow,
} from '../db/results/result-records.ts';
import { markCorrected, readResult } from '../db/results/struck-results.ts';
import type { ResultNotice } from '../renewal/case-state.ts';
import type { ContactResult, SecondRoundOutcome } from '../renewal/contact-result.ts';
import type { RenewalErrorCode } from '../renewal/errors.ts';
import type { LossReason, Outcome } from '../renewal/loss.ts';
import type { Stage } from '../renewal/stage-plan.ts';
import {
  correctResult as correctUpdate,
  decideSecondRound as decideUpdate,
  recordResult as resultUpdate,
  type SecondRoundDecision,
} from '../../workflows/messages.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { startReopened } from './start-case.ts';
import { tellCase, type Told } from './tell-case.ts';

export type RecordedResult = Omit<NewResult, 'kind' | 'result'> & { result: ContactResult };
export type RecordedSecondRound = Omit<NewResult, 'kind' | 'result'> & { outcome: SecondRoundOutcome };

const closeIsWritten = { everyMs: 100, atMost: 25 };

export type ResultAnswer =
  | { kind: 'applied' }
  | { kind: 'refused'; code: RenewalErrorCode; detail: string }
  | { kind: 'late'; outcome: Outcome; detail: string }
  | { kind: 'unavailable'; retryAfterSeconds: number };

/** Records what a person found: first the row, then the case, then what follows from it (architecture.md, The case). */
export async function recordResult(deps: CaseDeps, recorded: RecordedResult): Promise<ResultAnswer> {
  const row = await deps.db.transaction((tx) => receiveResult(tx, { ...recorded, kind: 'contact' }, deps.calendar));
  return settleResult(deps, row);
}

/** Records how the supervisor's second round ended. */
export async function decideSecondRound(deps: CaseDeps, decided: RecordedSecondRound): Promise<ResultAnswer> {
  const { outcome, ...rest } = decided;
  const row = await deps.db.transaction((tx) =>
    receiveResult(tx, { ...rest, result: outcome, kind: 'second-round' }, deps.calendar),
  );
  return settleResult(deps, row);
}

/** Brings a received row to its end; the sweeper calls it again for rows that stayed. */
export async function settleResult(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  switch (row.state) {
    case 'applied':
      return { kind: 'applied' };
    case 'refused':
      return { kind: 'refused', code: row.refusal as RenewalErrorCode, detail: row.refusalDetail ?? '' };
    case 'late':
      return lateAnswer(deps, row);
    case 'corrected':
      return { kind: 'applied' };
    case 'correcting':
      return settleCorrection(deps, row);
    default:
      return settleReceived(deps, row);
  }
}

/** What replaces a mistaken result comes after its correction. */
async function settleReceived(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  const struck = row.correctsId === null ? undefined : await readResult(deps.db, row.correctsId);
  const corrected = struck && (await settleResult(deps, struck));
  if (corrected && corrected.kind !== 'applied') return corrected;
  return settle(deps, row, await tell(deps, row));
}

/**
 * Tells an open case that one of its results was struck out, in a new run where that opened it again; one that closed
 * meanwhile needs to hear nothing.
 */
async function settleCorrection(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  const { id: resultId, renewalId } = row;
  await promptly(deps.temporal, () => startReopened(deps, renewalId));
  const told = await tellCase(deps.temporal, correctUpdate, {
    id: `${resultId}.corrected`,
    renewalId,
    fact: { resultId },
  });
  const hasHeard = told.kind === 'taken' || (await readOutcome(deps.db, renewalId)) !== undefined;
  if (!hasHeard) return { kind: 'unavailable', retryAfterSeconds: 5 };
  await deps.db.transaction((tx) => markCorrected(tx, row));
  return { kind: 'applied' };
}

async function tell(deps: CaseDeps, row: ResultRow): Promise<Told> {
  const { id, renewalId } = row;
  if (row.kind === 'second-round') {
    const fact: SecondRoundDecision = { resultId: id, outcome: row.result as SecondRoundOutcome, early: row.early };
    return tellCase(deps.temporal, decideUpdate, { id, renewalId, fact });
  }
  return tellCase(deps.temporal, resultUpdate, { id, renewalId, fact: await noticeOf(deps, row) });
}

async function noticeOf({ db }: CaseDeps, row: ResultRow): Promise<ResultNotice> {
  const clock = row.callBackAt ? await readClock(db) : undefined;
  const givesUp = row.result === 'unreachable';
  const { minimumAttempts } = givesUp ? (await readPlanOfCase(db, row.renewalId)).plan : {};
  return {
    resultId: row.id,
    result: row.result as ContactResult,
    stage: (row.stage ?? 'preparation') as Stage,
    early: row.early,
    ...(row.lossReason ? { lossReason: row.lossReason as LossReason } : {}),
    ...(minimumAttempts === undefined ? {} : { minimumAttempts }),
    ...(row.callBackAt && clock ? { callBackAt: wallInstant(clock, row.callBackAt.getTime()) } : {}),
  };
}

async function settle(deps: CaseDeps, row: ResultRow, told: Told): Promise<ResultAnswer> {
  switch (told.kind) {
    case 'taken':
      await deps.db.transaction((tx) =>
        row.kind === 'contact' ? applyResult(tx, row, deps.calendar) : applySecondRound(tx, row),
      );
      return { kind: 'applied' };
    case 'refused':
      if (told.code === 'case-closed') return lateOnceClosed(deps, row);
      await deps.db.transaction((tx) => markRefused(tx, row, told));
      return { kind: 'refused', code: told.code, detail: told.message };
    case 'gone':
      return late(deps, row);
    case 'unreachable':
      return { kind: 'unavailable', retryAfterSeconds: 5 };
  }
}

/** A case refuses as soon as something closes it, which is a moment before the close is in the books. */
async function lateOnceClosed(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  for (let asked = 1; asked < closeIsWritten.atMost; asked += 1) {
    if (await readOutcome(deps.db, row.renewalId)) break;
    await setTimeout(closeIsWritten.everyMs);
  }
  return late(deps, row);
}

async function late(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  // Without an outcome the case is open and only its workflow is missing: the sweeper starts it and asks again.
  if (!(await readOutcome(deps.db, row.renewalId))) return { kind: 'unavailable', retryAfterSeconds: 30 };
  await deps.db.transaction((tx) => markLate(tx, row, deps.calendar));
  return lateAnswer(deps, row);
}

async function lateAnswer(deps: CaseDeps, row: ResultRow): Promise<ResultAnswer> {
  const outcome = await readOutcome(deps.db, row.renewalId);
  if (!outcome) return { kind: 'unavailable', retryAfterSeconds: 30 };
  return { kind: 'late', outcome, detail: `The case has closed as ${outcome.kind}; the result is kept as late.` };
}
