import type { Instant } from './calendar.ts';
import { takeResult, type CaseFacts, type CaseState, type ResultNotice } from './case-state.ts';

/**
 * The case after one of its results was struck out in the books (business.md, Contact results): it asks them what holds now.
 * What paused because of the mistake has missed its touches.
 */
export function takeCorrection(state: CaseState, now: Instant): CaseState {
  const paused = state.secondRound !== undefined || state.refusedContact;
  return {
    ...state,
    detour: state.detour === 'reopened' ? 'reopened' : 'corrected',
    ...(paused ? { touchesFrom: now } : {}),
  };
}

/**
 * The case with what the books say of its results in the place of what it believed. On top comes what it heard and the
 * books did not have: results heard while they were asked, and those they name as unsettled.
 */
export function adoptCorrected(state: CaseState, { facts, unsettled }: Corrected): CaseState {
  const { callBackAt: _, secondRound: __, ...rest } = state;
  const corrected: CaseState = {
    ...rest,
    resultCounted: facts.resultCounted,
    confirmed: facts.confirmed,
    attempts: facts.attempts,
    refusedContact: facts.refusedContact,
    ...(facts.callBackAt === undefined ? {} : { callBackAt: facts.callBackAt }),
    ...(facts.secondRound === undefined ? {} : { secondRound: facts.secondRound }),
  };
  const { recent, turning } = state;
  const heard = recent.filter((one) => unsettled.includes(one.resultId) || isAmong(turning?.heard ?? [], one));
  return { ...heard.reduce(takeResult, corrected), recent };
}

type Corrected = { facts: CaseFacts; unsettled: readonly string[] };

function isAmong(heard: readonly ResultNotice[], one: ResultNotice): boolean {
  return heard.some(({ resultId }) => resultId === one.resultId);
}
