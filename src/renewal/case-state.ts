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
import type { LossReason, Outcome } from './loss.ts';
import type { Channel, Stage } from './stage-plan.ts';

/** Why a case ends; the outcome is one of the three books, the cause is a code for the journal. */
export type Ending = { outcome: Outcome; cause: string; resultId?: string };

/** Why a case looks for the stage of the calendar instead of the next in order. */
export type Detour = 'reopened' | 'corrected' | 'hold-ended' | 'expiry-corrected' | 'replanned';

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
  /** Nothing is sent, escalated or assigned before this instant. */
  heldUntil?: Instant;
  /** The last decision about its hold that it heard of. */
  holdRevision?: number;
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
  /** A hold has ended and no stage has turned since: nobody missed anything in the one that stands. */
  afterHold?: boolean;
  /** In cases that an earlier version of the workflow reopened. */
  answersEarly?: boolean;
  /** The stage step under way: the detour that asked for it, and what people said since it began. */
  turning?: { detour?: Detour; heard: readonly ResultNotice[] };
  ending?: Ending;
  closing: boolean;
  closed?: Outcome;
  lastResult?: ContactResult;
  /** The last results heard, the newest last: the books may not have them yet when a correction asks what they say. */
  recent: readonly ResultNotice[];
};

const mostRecent = 10;

/** What a case that goes on in a new run knew; its rows say the rest. */
export type CarriedFacts = CaseFacts & { recent?: readonly ResultNotice[] };

/** A case at its start; one that goes on in a new run carries what it knew. */
export function newCase(input: { opensAt: Instant; planVersion: number; carried?: CarriedFacts }): CaseState {
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
    recent: [],
    ...input.carried,
  };
}

/** What a new run of the same case must be told, because the rows may not say it yet. */
export function carriedFacts(state: CaseState): CarriedFacts {
  return {
    recent: state.recent,
    resultCounted: state.resultCounted,
    confirmed: state.confirmed,
    attempts: state.attempts,
    minimumAttempts: state.minimumAttempts,
    refusedContact: state.refusedContact,
    owned: state.owned,
    escalated: state.escalated,
    ...(state.callBackAt === undefined ? {} : { callBackAt: state.callBackAt }),
    ...(state.heldUntil === undefined ? {} : { heldUntil: state.heldUntil }),
    ...(state.holdRevision === undefined ? {} : { holdRevision: state.holdRevision }),
    ...(state.secondRound === undefined ? {} : { secondRound: state.secondRound }),
  };
}

/** A contact result as the case hears of it: codes and instants only. */
export type ResultNotice = {
  resultId: string;
  result: ContactResult;
  /** The stage in which it was received; its row says the same. */
  stage?: Stage;
  lossReason?: LossReason;
  callBackAt?: Instant;
  early?: boolean;
  /** How many attempts the plan in force asks for before somebody gives up; its case may have heard of another number. */
  minimumAttempts?: number;
};

/** Whether everything that people and systems said has been written to the books. */
export function isWritten(state: CaseState): boolean {
  if (state.closed) return true;
  if (mustBeWritten(state.detour)) return false;
  if (!state.answersEarly && mustBeWritten(state.turning?.detour)) return false;
  return state.ending === undefined && (state.secondRound === undefined || state.secondRound.dueAt !== undefined);
}

/** Whether a new run of the case could begin here: its rows say what it waits for, and more than its confirmation is left. */
export function mayGoOnElsewhere(state: CaseState): boolean {
  return state.closed === undefined && isWritten(state) && state.detour === undefined;
}

/** A reopening and a correction have changed the books of the case; whoever asked for them waits for its new stage. */
export function mustBeWritten(detour: Detour | undefined): boolean {
  return detour === 'reopened' || detour === 'corrected';
}

/** Whether a result reached this case before, in a run of it that Temporal does not ask any more. */
export function hasHeard({ recent }: CaseState, { resultId }: ResultNotice): boolean {
  return recent.some((one) => one.resultId === resultId);
}

/** The case after it hears of a contact result; one that it has heard of before changes nothing. */
export function hearResult(state: CaseState, notice: ResultNotice): CaseState {
  return hasHeard(state, notice) ? state : takeResult(state, notice);
}

/** The case after a contact result (business.md, Contact results). */
export function takeResult(state: CaseState, notice: ResultNotice): CaseState {
  const { result } = notice;
  const next: CaseState = {
    ...remember(state, notice),
    lastResult: result,
    confirmed: state.confirmed || result === 'confirmed' || isEffectiveContact(result),
    resultCounted: state.resultCounted || countsNow(state, notice),
    attempts: state.attempts + (isAttempt(result) ? 1 : 0),
    refusedContact: state.refusedContact || result === 'refused-contact',
  };
  if (result === 'refused-contact') return withoutCallBack(next);
  if (asksForCallBack(result) && notice.callBackAt !== undefined) return { ...next, callBackAt: notice.callBackAt };
  if (asksForSecondRound(result)) return { ...next, secondRound: secondRoundAfter(notice) };
  const outcome = outcomeOf(notice);
  return outcome ? { ...next, ending: { outcome, cause: `result:${result}`, resultId: notice.resultId } } : next;
}

function remember(state: CaseState, notice: ResultNotice): CaseState {
  const recent = [...state.recent, notice].slice(-mostRecent);
  if (!state.turning) return { ...state, recent };
  return { ...state, recent, turning: { ...state.turning, heard: [...state.turning.heard, notice] } };
}

/** A result counts for the stage in which it was received; while a stage turns, the step's end says which one stands. */
function countsNow(state: CaseState, { stage, result }: ResultNotice): boolean {
  if (stage === undefined) return countsIn(state.plan, state.stage ?? 'preparation', result);
  const isPresent = state.stage === undefined || state.stage === stage;
  return state.turning === undefined && isPresent && countsIn(state.plan, stage, result);
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
