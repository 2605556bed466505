import type { Instant } from './calendar.ts';
import type { CaseState } from './case-state.ts';

/**
 * What a case hears of its hold, in wall instants. `revision` counts what was decided about it; `secondRoundDueAt` is the
 * deadline of a second round that moved with it.
 */
export type HoldNotice = ({ kind: 'held'; until: Instant } | { kind: 'resumed' }) & {
  revision?: number;
  secondRoundDueAt?: Instant;
};

/** The case after somebody held it or ended its hold; a late word of an earlier decision changes nothing. */
export function takeHold(state: CaseState, notice: HoldNotice, now: Instant): CaseState {
  const { revision } = notice;
  if (revision !== undefined && revision <= (state.holdRevision ?? 0)) return state;
  const heard = { ...withDeadline(state, notice), ...(revision === undefined ? {} : { holdRevision: revision }) };
  return notice.kind === 'held' ? { ...heard, heldUntil: notice.until } : endHold(heard, now);
}

function withDeadline(state: CaseState, { secondRoundDueAt }: HoldNotice): CaseState {
  if (!state.secondRound || secondRoundDueAt === undefined) return state;
  return { ...state, secondRound: { ...state.secondRound, dueAt: secondRoundDueAt } };
}

/** The hold is over, by its time or by a person: back to the stage of the calendar without what was missed meanwhile. */
export function endHold(state: CaseState, now: Instant): CaseState {
  if (state.heldUntil === undefined) return state;
  const { heldUntil: _, ...rest } = state;
  return { ...rest, detour: state.detour ?? 'hold-ended', afterHold: true, touchesFrom: now };
}

/** When a held case goes on: at the end of its hold, and never later than it closes; undefined when nobody holds it. */
export function holdEndsAt({ heldUntil, plan }: CaseState): Instant | undefined {
  if (heldUntil === undefined) return undefined;
  return plan ? Math.min(heldUntil, plan.closesAt) : heldUntil;
}
