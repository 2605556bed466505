import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { carriedFacts, type CaseState } from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';
import type { RenewalInput } from './messages.ts';

/** Not in the normal path: only a case that was corrected or stretched hundreds of times comes here. */
export function historyIsLong(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/** The same case in a new run: it resumes where its row stands, and carries what the row may not say yet. */
export async function goOn(input: RenewalInput, state: CaseState): Promise<never> {
  await condition(allHandlersFinished);
  return continueAsNew<(input: RenewalInput) => Promise<Outcome>>({ ...input, carried: carriedFacts(state) });
}
