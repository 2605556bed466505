import { newCase, type CaseState, type ResultNotice } from '../../src/renewal/case-state.ts';
import type { ContactResult } from '../../src/renewal/contact-result.ts';
import { aPlan, daysBeforeT } from './given-plan.ts';

/** A case as its workflow knows it: in follow-up of a policy that expires on 2027-03-31, unless said otherwise. */
export function aCase(facts: Partial<CaseState> = {}): CaseState {
  const opened = newCase({ opensAt: daysBeforeT(60), planVersion: 1 });
  return { ...opened, stamp: '1.0.1', plan: aPlan(), stage: 'follow-up', touched: ['t-60'], ...facts };
}

export function aResult(result: ContactResult, more: Partial<ResultNotice> = {}): ResultNotice {
  return { resultId: `result-${result}`, result, ...more };
}
