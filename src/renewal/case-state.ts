import type { Instant } from './calendar.ts';
import type { CasePlan } from './case-plan.ts';
import {
  asksForCallBack,
  asksForSecondRound,
  countsIn,
  isAttempt,
  isEffectiveContact,
  type ContactResult,
  type SecondRoundOutcome,
} from './contact-result.ts';
import type { RenewalErrorCode } from './errors.ts';
import type { LossReason, Outcome } from './loss.ts';
import type { Channel, Stage } from './stage-plan.ts';

/** Why a case ends; the outcome is one of the three books, the cause is a code for the journal. */
export type Ending = { outcome: Outcome; cause: string; resultId?: string };

/** Why a case looks for the stage of the calendar instead of the next in order. */
export type Detour = 'reopened' | 'expiry-corrected' | 'replanned';

/** What an open case knows besides its plan; also what a rebuilt case starts from. */
export type CaseFacts = {
  stage?: Stage;
  resultCounted: boolean;
  confirmed: boolean;
  attempts: number;
  minimumAttempts: number;
  refusedContact: boolean;
  owned: boolean;
  escalated: boolean;
  callBackAt?: Instant;
  /** `dueAt` is empty until the supervisor has the task. */
  secondRound?: { reason: LossReason; dueAt?: Instant; resultId?: string };
};

export type WaitingMessage = { touch: string; channel: Channel; at: Instant };

export type CaseState = CaseFacts & {
  opensAt: Instant;
  stamp: string;
  planVersion: number;
  plan?: CasePlan;
  touched: readonly string[];
  /** Touches planned before this instant were missed while the case paused. */
  touchesFrom: Instant;
  waiting: readonly WaitingMessage[];
  /** Keys of the notices taken. */
  noticed: readonly string[];
  /** An activity found the business clock behind this wall instant; stages and closes wait for it. */
  notBefore: Instant;
  detour?: Detour;
  ending?: Ending;
  closing: boolean;
  closed?: Outcome;
  lastResult?: ContactResult;
};

/** A case at its start; one that goes on in a new run carries what it knew. */
export function newCase(input: { opensAt: Instant; planVersion: number; carried?: CaseFacts }): CaseState {
  return {
    opensAt: input.opensAt,
    planVersion: input.planVersion,
    stamp: '',
    resultCounted: false,
    confirmed: false,
    attempts: 0,
    minimumAttempts: 3,
    refusedContact: false,
    owned: true,
    escalated: false,
    touched: [],
    touchesFrom: 0,
    waiting: [],
    noticed: [],
    notBefore: 0,
    closing: false,
    ...input.carried,
  };
}

/** What a new run of the same case must be told, because the rows may not say it yet. */
export function carriedFacts(state: CaseState): CaseFacts {
  return {
    resultCounted: state.resultCounted,
    confirmed: state.confirmed,
    attempts: state.attempts,
    minimumAttempts: state.minimumAttempts,
    refusedContact: state.refusedContact,
    owned: state.owned,
    escalated: state.escalated,
    ...(state.callBackAt === undefined ? {} : { callBackAt: state.callBackAt }),
    ...(state.secondRound === undefined ? {} : { secondRound: state.secondRound }),
  };
}

/** A contact result as the case hears of it: codes and instants only. */
export type ResultNotice = {
  resultId: string;
  result: ContactResult;
  lossReason?: LossReason;
  callBackAt?: Instant;
  early?: boolean;
};

export type Refusal = { code: RenewalErrorCode; message: string };

/** Why a result cannot be taken in this state, if so (api.md, Case states that decide answers). */
export function refuseResult(state: CaseState, result: ContactResult): Refusal | undefined {
  if (hasEnded(state)) return { code: 'case-closed', message: 'The case has closed.' };
  if (state.secondRound && asksForSecondRound(result)) {
    return { code: 'second-round-running', message: 'The second round of this case is running.' };
  }
  if (result === 'unreachable' && state.attempts < state.minimumAttempts) {
    return {
      code: 'attempts-missing',
      message: `Giving up takes ${state.minimumAttempts} recorded attempts; there are ${state.attempts}.`,
    };
  }
  return undefined;
}

export function refuseSecondRound(state: CaseState): Refusal | undefined {
  if (hasEnded(state)) return { code: 'case-closed', message: 'The case has closed.' };
  if (!state.secondRound) return { code: 'no-second-round', message: 'No second round is running in this case.' };
  return undefined;
}

function hasEnded(state: CaseState): boolean {
  return state.closing || state.ending !== undefined || state.closed !== undefined;
}

/** Whether everything that people and systems said has been written to the books. */
export function isWritten(state: CaseState): boolean {
  if (state.closed) return true;
  if (state.detour === 'reopened') return false;
  return state.ending === undefined && (state.secondRound === undefined || state.secondRound.dueAt !== undefined);
}

/** The case after a contact result (business.md, Contact results). */
export function takeResult(state: CaseState, notice: ResultNotice): CaseState {
  const { result } = notice;
  const next: CaseState = {
    ...state,
    lastResult: result,
    confirmed: state.confirmed || result === 'confirmed' || isEffectiveContact(result),
    resultCounted: state.resultCounted || countsIn(state.stage ?? 'preparation', result),
    attempts: state.attempts + (isAttempt(result) ? 1 : 0),
    refusedContact: state.refusedContact || result === 'refused-contact',
  };
  if (result === 'refused-contact') return withoutCallBack(next);
  if (asksForCallBack(result) && notice.callBackAt !== undefined) return { ...next, callBackAt: notice.callBackAt };
  if (asksForSecondRound(result)) return { ...next, secondRound: secondRoundAfter(notice) };
  const outcome = outcomeOf(notice);
  return outcome ? { ...next, ending: { outcome, cause: `result:${result}`, resultId: notice.resultId } } : next;
}

function withoutCallBack(state: CaseState): CaseState {
  const { callBackAt: _, ...rest } = state;
  return rest;
}

function secondRoundAfter(notice: ResultNotice): NonNullable<CaseFacts['secondRound']> {
  const reason = notice.result === 'unreachable' ? 'unreachable' : (notice.lossReason ?? 'other');
  return { reason, resultId: notice.resultId };
}

function outcomeOf(notice: ResultNotice): Outcome | undefined {
  if (notice.result === 'renewed') return { kind: 'renewed', early: notice.early ?? false };
  if (notice.result === 'not-renewable') {
    return { kind: 'lost', reason: notice.lossReason ?? 'sold-or-scrapped', renewable: false };
  }
  return undefined;
}

/** The case after the supervisor's second round; `reopened` returns to the stage of the calendar without what it missed. */
export function takeSecondRound(
  state: CaseState,
  decision: { outcome: SecondRoundOutcome; resultId: string; early?: boolean },
  now: Instant,
): CaseState {
  const { secondRound, ...rest } = state;
  if (!secondRound) return state;
  const cause = `second-round:${decision.outcome}`;
  const { resultId } = decision;
  switch (decision.outcome) {
    case 'renewed':
      return { ...rest, ending: { outcome: { kind: 'renewed', early: decision.early ?? false }, cause, resultId } };
    case 'confirmed-lost':
      return {
        ...rest,
        ending: { outcome: { kind: 'lost', reason: secondRound.reason, renewable: true }, cause, resultId },
      };
    case 'reopened':
      return { ...rest, detour: 'reopened', touchesFrom: now };
  }
}

/** How a case ends that nobody could bring further: the second round's silence confirms its reason, else no result. */
export function endingByTime(state: CaseState): Ending {
  if (state.secondRound) {
    return {
      outcome: { kind: 'lost', reason: state.secondRound.reason, renewable: true },
      cause: 'second-round:no-answer',
    };
  }
  const reason: LossReason = state.refusedContact ? 'refused-contact' : 'no-result';
  return { outcome: { kind: 'lost', reason, renewable: true }, cause: 'grace-ended' };
}
