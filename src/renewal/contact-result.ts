import type { CountingResult, Stage } from './stage-plan.ts';

export const contactResults = [
  'confirmed',
  'renewed',
  'quoted',
  'promised',
  'considering',
  'declined',
  'not-reached',
  'wrong-number',
  'unreachable',
  'not-renewable',
  'refused-contact',
] as const;
export type ContactResult = (typeof contactResults)[number];

const effective: ReadonlySet<ContactResult> = new Set([
  'quoted',
  'promised',
  'considering',
  'declined',
  'refused-contact',
]);

/** Whether the customer was really reached (business.md, Contact results). */
export function isEffectiveContact(result: ContactResult): boolean {
  return effective.has(result);
}

/** Whether it counts as one of the attempts that `unreachable` asks for. */
export function isAttempt(result: ContactResult): boolean {
  return result === 'not-reached' || result === 'wrong-number';
}

/** Whether somebody called or visited, or tried to; that a customer refuses contact is the customer's own word. */
export function tellsOfContact(result: ContactResult): boolean {
  if (result === 'refused-contact') return false;
  return isEffectiveContact(result) || isAttempt(result) || result === 'unreachable';
}

const countsByDefault: Record<Stage, CountingResult> = {
  preparation: 'confirmed',
  'follow-up': 'effective-contact',
  'intensive-chase': 'effective-contact',
  'wrap-up': 'final-outcome',
};

/** Stages with what they wait for; a plan that does not say leaves it at business.md's. */
type CountingPlan = { stages: readonly { stage: Stage; counts?: CountingResult }[] };

/** What a stage waits for, by its plan. */
function countingIn(plan: CountingPlan | undefined, stage: Stage): CountingResult {
  return plan?.stages.find((rule) => rule.stage === stage)?.counts ?? countsByDefault[stage];
}

/**
 * Whether a result is the one that a stage waits for; an effective contact implies `confirmed`, and a final outcome ends
 * the case instead of its stage.
 */
export function countsIn(plan: CountingPlan | undefined, stage: Stage, result: ContactResult): boolean {
  switch (countingIn(plan, stage)) {
    case 'confirmed':
      return result === 'confirmed' || isEffectiveContact(result);
    case 'effective-contact':
      return isEffectiveContact(result);
    case 'final-outcome':
      return false;
  }
}

/** Results that lead to the second round instead of closing the case. */
export function asksForSecondRound(result: ContactResult): boolean {
  return result === 'declined' || result === 'unreachable';
}

/** Results whose call-back time becomes the case's next timer; default the same time next day. */
export function asksForCallBack(result: ContactResult): boolean {
  return result === 'promised' || result === 'considering';
}

export const closingListItems = [
  'cover-read-back',
  'exclusions-read',
  'papers-told-once',
  'payment-before-issue',
] as const;

/** The closing-list items still to be ticked before `renewed` is final through a person. */
export function missingClosingItems(ticked: readonly string[]): string[] {
  return closingListItems.filter((item) => !ticked.includes(item));
}

/** What proves a contact or that a policy cannot be renewed; where it lies is a reference of the house's own. */
export const evidenceKinds = ['recording', 'photo', 'document', 'chat', 'system'] as const;

export const secondRoundOutcomes = ['renewed', 'reopened', 'confirmed-lost'] as const;
export type SecondRoundOutcome = (typeof secondRoundOutcomes)[number];
