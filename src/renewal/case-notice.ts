import type { CaseState, Detour } from './case-state.ts';
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
);

/** The case after a notice; one that has ended stays as it is. A close by time that is under way may still be too early. */
export function takeNotice(state: CaseState, notice: Notice): CaseState {
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
  }
}

/** A reopening also ends the second round in the books, and finds the corrected calendar by itself. */
function detourAfter(state: CaseState, detour: Detour): Detour {
  return state.detour === 'reopened' ? 'reopened' : detour;
}

function ended(state: CaseState, outcome: Outcome, notice: Notice): CaseState {
  return { ...state, ending: { outcome, cause: `notice:${notice.kind}` } };
}
