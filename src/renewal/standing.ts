import type { Instant } from './calendar.ts';
import {
  asksForCallBack,
  asksForSecondRound,
  countsIn,
  isAttempt,
  isEffectiveContact,
  type ContactResult,
} from './contact-result.ts';
import type { LossReason } from './loss.ts';
import type { Stage, StagePlan } from './stage-plan.ts';

/** A contact result that its case took; instants are business milliseconds. */
export type TakenResult = {
  id: string;
  result: ContactResult;
  stage: Stage | undefined;
  recordedAt: Instant;
  callBackAt: Instant | undefined;
  lossReason?: LossReason | undefined;
};

/** What the results of an open case amount to. */
export type Standing = {
  confirmedAt: Instant | undefined;
  attempts: number;
  resultCounted: boolean;
  callBackAt: Instant | undefined;
  refusedContactAt: Instant | undefined;
  /** The last second round: the result that asked for it, and the loss it is about, a refusal of contact since then first. */
  secondRound: { of: string; reason: LossReason } | undefined;
};

/**
 * Counts the results of a case anew, e.g. after one was struck out (business.md, Contact results): those that confirm, the
 * attempts, whether one counts in the stage that stands now, the call-back still to come, a refusal of contact, the
 * second round.
 */
export function standingOf(
  taken: readonly TakenResult[],
  present: { stage: Stage | undefined; stageOpenedAt: Instant | undefined; now: Instant; stagePlan?: StagePlan },
): Standing {
  const inOrder = taken.toSorted((one, other) => one.recordedAt - other.recordedAt);
  const confirmedAt = inOrder.find(({ result }) => result === 'confirmed' || isEffectiveContact(result))?.recordedAt;
  const refusedContactAt = inOrder.findLast(({ result }) => result === 'refused-contact')?.recordedAt;
  const callBack = inOrder.findLast(({ result }) => asksForCallBack(result));
  const isForgotten =
    refusedContactAt !== undefined && callBack !== undefined && refusedContactAt >= callBack.recordedAt;
  const callBackAt = isForgotten ? undefined : callBack?.callBackAt;
  return {
    confirmedAt,
    attempts: inOrder.filter(({ result }) => isAttempt(result)).length,
    resultCounted: inOrder.some((one) => counts(one, present)) || confirmsPreparation(confirmedAt, present),
    callBackAt: callBackAt !== undefined && callBackAt > present.now ? callBackAt : undefined,
    refusedContactAt,
    secondRound: secondRoundIn(inOrder),
  };
}

function secondRoundIn(inOrder: readonly TakenResult[]): Standing['secondRound'] {
  const asking = inOrder.findLast(({ result }) => asksForSecondRound(result));
  if (!asking) return undefined;
  const { id: of, result, lossReason = 'other' } = asking;
  const isRefused = inOrder.slice(inOrder.indexOf(asking)).some((one) => one.result === 'refused-contact');
  if (isRefused) return { of, reason: 'refused-contact' };
  return { of, reason: result === 'unreachable' ? 'unreachable' : lossReason };
}

type Present = Parameters<typeof standingOf>[1];

function counts({ stage, result, recordedAt }: TakenResult, present: Present): boolean {
  const { stage: now, stageOpenedAt, stagePlan } = present;
  const received = stage ?? 'preparation';
  return (
    received === (now ?? 'preparation') && recordedAt >= (stageOpenedAt ?? 0) && countsIn(stagePlan, received, result)
  );
}

/** Preparation asks whether the entry is confirmed, also when that was said before it opened. */
function confirmsPreparation(confirmedAt: Instant | undefined, { stage = 'preparation' }: Present): boolean {
  return stage === 'preparation' && confirmedAt !== undefined;
}
