import type { Instant } from './calendar.ts';
import type { CaseState } from './case-state.ts';

/** The case after somebody held it until an instant; a second hold replaces the first. */
export function takeHold(state: CaseState, until: Instant): CaseState {
  return { ...state, heldUntil: until };
}

/** The hold is over, by its time or by a person: back to the stage of the calendar without what was missed meanwhile. */
export function endHold(state: CaseState, now: Instant): CaseState {
  if (state.heldUntil === undefined) return state;
  const { heldUntil: _, ...rest } = state;
  return { ...rest, detour: state.detour ?? 'hold-ended', touchesFrom: now };
}

/** When a held case goes on: at the end of its hold, and never later than it closes; undefined when nobody holds it. */
export function holdEndsAt({ heldUntil, plan }: CaseState): Instant | undefined {
  if (heldUntil === undefined) return undefined;
  return plan ? Math.min(heldUntil, plan.closesAt) : heldUntil;
}
