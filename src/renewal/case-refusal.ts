import { hasHeard, type CaseState, type ResultNotice } from './case-state.ts';
import { asksForSecondRound, type ContactResult } from './contact-result.ts';
import type { RenewalErrorCode } from './errors.ts';

export type Refusal = { code: RenewalErrorCode; message: string };

/** Why a case does not take a result that it hears of; what it has taken it does not refuse afterwards. */
export function refuseNotice(state: CaseState, notice: ResultNotice): Refusal | undefined {
  if (hasHeard(state, notice)) return undefined;
  const { minimumAttempts = state.minimumAttempts } = notice;
  return refuseResult({ ...state, minimumAttempts }, notice.result);
}

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

export function refuseCorrection(state: CaseState): Refusal | undefined {
  return hasEnded(state) ? { code: 'case-closed', message: 'The case has closed.' } : undefined;
}

function hasEnded(state: CaseState): boolean {
  return state.closing || state.ending !== undefined || state.closed !== undefined;
}
