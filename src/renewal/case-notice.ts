import type { Instant } from './calendar.ts';
import { takeCorrection } from './case-correction.ts';
import { takeHold, type HoldNotice } from './case-hold.ts';
import { mustBeWritten, type CaseState, type Detour } from './case-state.ts';
import type { Outcome } from './loss.ts';

/** What a system reports of a case; the key makes a repeat change nothing. */
export type Notice = { key: string } & (
  | { kind: 'owner-left' }
  | { kind: 'owner-assigned'; ownerId: string }
  | { kind: 'handed-off'; channel: string }
  | { kind: 'renewed-in-core'; early: boolean }
  | { kind: 'cancelled-in-core' }
  | { kind: 'expiry-corrected' }
  | { kind: 'replanned' }
  | HoldNotice
  | { kind: 'result-corrected' }
);

/** The case after a notice; one that has ended stays as it is. A close by time that is under way may still be too early. */
export function takeNotice(state: CaseState, notice: Notice, now: Instant): CaseState {
  if (state.ending || state.closed || state.noticed.includes(notice.key)) return state;
  const next = { ...state, noticed: [...state.noticed, notice.key] };
  switch (notice.kind) {
    case 'owner-left':
      return { ...next, owned: false };
    case 'owner-assigned':
      return { ...next, owned: true };
    case 'handed-off':
      return ended(next, { kind: 'orphan-handed-off', channel: notice.channel }, notice);
    case 'renewed-in-core':
      return ended(next, { kind: 'renewed', early: notice.early }, notice);
    case 'cancelled-in-core':
      return ended(next, { kind: 'lost', reason: 'sold-or-scrapped', renewable: false }, notice);
    case 'expiry-corrected':
      return { ...next, detour: detourAfter(state, 'expiry-corrected') };
    case 'replanned':
      return { ...next, detour: detourAfter(state, 'replanned') };
    case 'held':
    case 'resumed':
      return takeHold(next, notice, now);
    case 'result-corrected':
      return takeCorrection(next, now);
  }
}

/** A reopening also ends the second round in the books, a correction asks them, and both find the new calendar by themselves. */
function detourAfter(state: CaseState, detour: Detour): Detour {
  return state.detour && mustBeWritten(state.detour) ? state.detour : detour;
}

function ended(state: CaseState, outcome: Outcome, notice: Notice): CaseState {
  return { ...state, ending: { outcome, cause: `notice:${notice.kind}` } };
}

/** What a case hears whose policy the core system reported while nobody could tell it; null means cancelled. */
export function noticeOfCore(renewedAs: string | null): Notice {
  return renewedAs === null
    ? { key: 'sweep.cancelled', kind: 'cancelled-in-core' }
    : { key: 'sweep.renewed', kind: 'renewed-in-core', early: false };
}
