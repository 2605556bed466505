import type { Instant } from './calendar.ts';
import type { CaseAnswer, CloseAnswer, SendAnswer, StageTurn, WaitAnswer } from './case-answers.ts';
import { adoptCorrected } from './case-correction.ts';
import type { CasePlan } from './case-plan.ts';
import { mustBeWritten, type CaseFacts, type CaseState, type WaitingMessage } from './case-state.ts';
import { countsIn } from './contact-result.ts';
import { confirmationTouch, type Channel, type Stage } from './stage-plan.ts';

/** The case with the plan now in force; the old one stays while the stamp is the same. */
function adoptPlan(state: CaseState, answer: CaseAnswer): CaseState {
  const { stamp, planVersion, plan } = answer;
  if (!plan) return { ...state, stamp, planVersion };
  const waiting = planVersion === state.planVersion ? state.waiting : movedEarlier(state, plan);
  return { ...state, stamp, planVersion, plan, waiting };
}

/** A message that waits for a day which another plan moved to an earlier one goes then. */
function movedEarlier({ plan: before, waiting }: CaseState, after: CasePlan): readonly WaitingMessage[] {
  const dueIn = (plan: CasePlan | undefined, { touch }: WaitingMessage) =>
    plan?.touches.find(({ key }) => key === touch)?.dueAt;
  return waiting.map((message) => {
    const dueAt = dueIn(after, message);
    if (dueAt === undefined || dueAt === dueIn(before, message)) return message;
    return { ...message, at: Math.min(message.at, dueAt) };
  });
}

/** Results and corrections that come while a stage turns belong to the new stage; `counted` is what the old one had. */
export function beforeStageTurn(state: CaseState): CaseState {
  const { detour, afterHold: _, ...rest } = state;
  return { ...rest, resultCounted: false, turning: { heard: [], ...(detour ? { detour } : {}) } };
}

/** A stage has opened; what the rows say of a case that was rebuilt goes in with it, under what people said since. */
export function afterStageTurn(state: CaseState, counted: boolean, turn: StageTurn): CaseState {
  const { turning, ...settled } = adoptPlan(state, turn);
  switch (turn.kind) {
    case 'opened':
      return afterOpening(state, counted, turn);
    case 'not-yet':
    case 'held': {
      const resultCounted = counted || state.resultCounted || countedMeanwhile(settled, turning);
      if (turn.kind === 'held') return { ...settled, resultCounted, heldUntil: turn.until };
      return { ...notYet(settled, turn), resultCounted, opensAt: turn.until };
    }
    case 'ended':
      return { ...settled, closed: turn.outcome, waiting: confirmations(turn.confirmBy ?? []) };
  }
}

type Opening = StageTurn & { kind: 'opened' };

/** A reopening and a correction take what the books say in the place of what the case believed. */
function afterOpening(state: CaseState, counted: boolean, turn: Opening): CaseState {
  const isCorrected = turn.resumed !== undefined && mustBeWritten(state.turning?.detour);
  const known =
    isCorrected && turn.resumed
      ? adoptCorrected(state, { facts: turn.resumed, unsettled: turn.unsettled ?? [] })
      : { ...state, ...resumed(state, turn.resumed) };
  const { stage: _, turning, ...rest } = adoptPlan(known, turn);
  const stillCounted =
    (counted && turn.kept && !isCorrected) || countedMeanwhile({ ...rest, stage: turn.stage }, turning);
  return openStage(rest, turn, stillCounted);
}

/** Whether a result that came while the stage turned was received in the stage that now stands. */
function countedMeanwhile(
  { plan, stage = 'preparation' }: { plan?: CasePlan | undefined; stage?: Stage | undefined },
  turning: CaseState['turning'],
): boolean {
  return turning?.heard.some((one) => one.stage === stage && countsIn(plan, stage, one.result)) ?? false;
}

function openStage(state: CaseState, turn: Opening, stillCounted: boolean): CaseState {
  const escalated = state.escalated || turn.escalated;
  const minimumAttempts = turn.minimumAttempts ?? state.minimumAttempts;
  if (turn.stage === undefined) return { ...state, escalated, minimumAttempts };
  const known = stillCounted || state.resultCounted || (turn.counted ?? false);
  const resultCounted = known || (turn.stage === 'preparation' && state.confirmed);
  return { ...state, stage: turn.stage, escalated, minimumAttempts, resultCounted };
}

function resumed(state: CaseState, facts: CaseFacts | undefined): Partial<CaseState> {
  if (!facts) return {};
  const { stage: _, ...known } = facts;
  return {
    ...known,
    resultCounted: state.resultCounted || facts.resultCounted,
    confirmed: state.confirmed || facts.confirmed,
    attempts: Math.max(state.attempts, facts.attempts),
    refusedContact: state.refusedContact || facts.refusedContact,
    ...(state.callBackAt === undefined ? {} : { callBackAt: state.callBackAt }),
    ...(state.heldUntil === undefined ? {} : { heldUntil: state.heldUntil }),
    ...(state.secondRound === undefined ? {} : { secondRound: state.secondRound }),
  };
}

/** With a new plan its own instants say when; with the same plan the clocks of two machines differ by a moment. */
function notYet(state: CaseState, answer: CaseAnswer & { until: Instant }): CaseState {
  return answer.plan ? state : { ...state, notBefore: answer.until };
}

/** What became of one message of a touch. */
export type SentMessage = SendAnswer & { touch: string; channel: Channel };

export function afterTouch(state: CaseState, touch: string, sent: readonly SentMessage[]): CaseState {
  return { ...afterMessages(state, sent), touched: [...state.touched, touch] };
}

/** What was held waits for its new instant; everything else about these messages is settled. */
export function afterMessages(state: CaseState, sent: readonly SentMessage[]): CaseState {
  const isSettled = (one: WaitingMessage) =>
    sent.some(({ touch, channel }) => touch === one.touch && channel === one.channel);
  const held = sent.flatMap((answer): WaitingMessage[] =>
    answer.kind === 'waiting' ? [{ touch: answer.touch, channel: answer.channel, at: answer.until }] : [],
  );
  const waiting = state.waiting.filter((one) => !isSettled(one));
  // Of answers on both sides of a publication the newer one holds.
  const inOrder = sent.toSorted((one, other) => one.planVersion - other.planVersion);
  const adopted = inOrder.reduce<CaseState>(adoptPlan, { ...state, waiting });
  return { ...adopted, waiting: [...adopted.waiting, ...held] };
}

export function afterCallBack(state: CaseState, remindedAt: Instant | undefined, answer: WaitAnswer): CaseState {
  const adopted = adoptPlan(state, answer);
  if (answer.kind === 'not-yet') return { ...adopted, callBackAt: answer.until };
  if (state.callBackAt !== remindedAt) return adopted;
  const { callBackAt: _, ...rest } = adopted;
  return rest;
}

export function afterSecondRoundOpened(state: CaseState, answer: WaitAnswer): CaseState {
  const adopted = adoptPlan(state, answer);
  if (!adopted.secondRound || answer.kind === 'not-yet' || answer.dueAt === undefined) return adopted;
  // A hold moved it while the step was under way.
  if (adopted.secondRound.dueAt !== undefined) return adopted;
  return { ...adopted, secondRound: { ...adopted.secondRound, dueAt: answer.dueAt } };
}

/** Closed: only the confirmation may still go out. Not yet: the business clock was stretched, the case goes on. */
export function afterClose(state: CaseState, answer: CloseAnswer): CaseState {
  const adopted = { ...adoptPlan(state, answer), closing: false };
  if (answer.kind === 'closed') {
    return { ...adopted, closed: answer.outcome, waiting: confirmations(answer.confirmBy) };
  }
  if (!adopted.secondRound) return notYet(adopted, answer);
  return { ...adopted, secondRound: { ...adopted.secondRound, dueAt: answer.until } };
}

function confirmations(channels: readonly Channel[]): WaitingMessage[] {
  return channels.map((channel) => ({ touch: confirmationTouch, channel, at: 0 }));
}
