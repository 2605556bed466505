import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Notice } from '../src/renewal/case-notice.ts';
import type { CarriedFacts, CaseState, ResultNotice } from '../src/renewal/case-state.ts';
import type { SecondRoundOutcome } from '../src/renewal/contact-result.ts';

/** The start of a case: wall milliseconds, and what the search attributes of the start already say. */
export type RenewalInput = {
  renewalId: string;
  opensAt: number;
  stage: string;
  planVersion: number;
  /** Only when a case goes on in a new run. */
  carried?: CarriedFacts;
};

export type SecondRoundDecision = { resultId: string; outcome: SecondRoundOutcome; early?: boolean };

export const recordResult = defineUpdate<void, [ResultNotice]>('recordResult');
export const decideSecondRound = defineUpdate<void, [SecondRoundDecision]>('decideSecondRound');
/** A result that was struck out in the books. */
export type Correction = { resultId: string };

export const correctResult = defineUpdate<void, [Correction]>('correctResult');
export const notice = defineSignal<[Notice]>('notice');
export const caseState = defineQuery<CaseState>('caseState');
