import type { Day, Instant } from './calendar.ts';
import { stageAfter, type PlannedTouch } from './case-plan.ts';
import { holdEndsAt } from './case-hold.ts';
import {
  endingByTime,
  mustBeWritten,
  type CaseState,
  type Detour,
  type Ending,
  type WaitingMessage,
} from './case-state.ts';
import type { Channel, Stage } from './stage-plan.ts';

/** The next thing a case does by itself, and when. `at` 0 means at once. */
export type Moment = { at: Instant } & (
  | { kind: 'case-opens' }
  | { kind: 'stage-opens'; stage: Stage; on: Day }
  | { kind: 'stage-by-calendar'; detour: Detour }
  | { kind: 'touch-due'; touch: string; template: string; on: Day }
  | { kind: 'messages-released'; messages: readonly WaitingMessage[] }
  | { kind: 'call-back-due' }
  | { kind: 'hold-ends' }
  | { kind: 'second-round-opens' }
  | { kind: 'second-round-ends'; ending: Ending }
  | { kind: 'grace-ends'; ending: Ending; on: Day }
  | { kind: 'case-closes'; ending: Ending }
  | { kind: 'nothing-left' }
);

/**
 * What a case waits for (business.md, The stage plan): what happened goes before what the calendar brings; while a case
 * is held or its second round runs, stages and touches pause, and messages while nobody owns the case; a stage opens before
 * the touches of the same instant.
 */
export function nextMoment(state: CaseState, now: Instant): Moment {
  if (state.closed) return earliest(releases(state, now)) ?? { kind: 'nothing-left', at: 0 };
  if (state.ending) return { kind: 'case-closes', at: 0, ending: state.ending };
  if (state.detour && mustBeWritten(state.detour)) return { kind: 'stage-by-calendar', at: 0, detour: state.detour };
  if (state.secondRound && state.secondRound.dueAt === undefined) return { kind: 'second-round-opens', at: 0 };
  const heldUntil = holdEndsAt(state);
  if (heldUntil !== undefined) return heldMoment(state, heldUntil);
  if (state.secondRound) return secondRoundMoment(state, state.secondRound.dueAt);
  if (state.detour === 'hold-ended' || (state.detour && state.plan)) {
    return { kind: 'stage-by-calendar', at: 0, detour: state.detour };
  }
  if (!state.plan) return { kind: 'case-opens', at: state.detour ? 0 : state.opensAt };
  const messages = state.owned ? [...touchMoments(state, now), ...releases(state, now)] : [];
  const moments = [...stageMoments(state), ...messages, ...callBacks(state)];
  return earliest(moments) ?? { kind: 'nothing-left', at: 0 };
}

/** A held case still follows a corrected calendar, without opening anything. */
function heldMoment({ detour, plan, secondRound }: CaseState, until: Instant): Moment {
  const mayFollow = plan !== undefined && secondRound === undefined;
  if (detour && detour !== 'hold-ended' && mayFollow) return { kind: 'stage-by-calendar', at: 0, detour };
  return { kind: 'hold-ends', at: until };
}

function secondRoundMoment(state: CaseState, dueAt: Instant = 0): Moment {
  return { kind: 'second-round-ends', at: dueAt, ending: endingByTime(state) };
}

function stageMoments(state: CaseState): Moment[] {
  if (!state.plan) return [];
  const next = stageAfter(state.plan, state.stage);
  const at = Math.max(next?.opensAt ?? state.plan.closesAt, state.notBefore);
  if (next) return [{ kind: 'stage-opens', at, stage: next.stage, on: next.opensOn }];
  return [{ kind: 'grace-ends', at, ending: endingByTime(state), on: state.plan.closesOn }];
}

function touchMoments(state: CaseState, now: Instant): Moment[] {
  if (!state.plan || state.refusedContact) return [];
  const mayStillGo = (touch: PlannedTouch): boolean =>
    touch.stage === state.stage &&
    !state.touched.includes(touch.key) &&
    touch.dueAt >= state.touchesFrom &&
    touch.latestAt > now;
  return state.plan.touches.filter(mayStillGo).map((touch) => ({
    kind: 'touch-due',
    at: touch.dueAt,
    touch: touch.key,
    template: touch.template,
    on: touch.dueOn,
  }));
}

/** Held messages that may go at one instant, or have waited for the case, go together. */
function releases({ waiting }: CaseState, now: Instant): Moment[] {
  if (waiting.length === 0) return [];
  const at = Math.min(...waiting.map((message) => message.at));
  const messages = waiting.filter((message) => message.at <= Math.max(at, now));
  return [{ kind: 'messages-released', at, messages }];
}

function callBacks(state: CaseState): Moment[] {
  return state.callBackAt === undefined ? [] : [{ kind: 'call-back-due', at: state.callBackAt }];
}

function earliest(moments: readonly Moment[]): Moment | undefined {
  return moments.reduce<Moment | undefined>(
    (first, moment) => (!first || moment.at < first.at ? moment : first),
    undefined,
  );
}

/** Whether two moments are the same wait; while they are, nothing needs to wake a case. */
export function sameMoment(one: Moment, other: Moment): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The messages of a touch, one on each of its channels. */
export function messagesOf({ plan }: CaseState, touch: string): { touch: string; channel: Channel }[] {
  const planned = plan?.touches.find((one) => one.key === touch);
  return (planned?.channels ?? []).map((channel) => ({ touch, channel }));
}
