import type { LossReason } from '../../renewal/loss.ts';
import { judgeReason } from '../../renewal/vague-reason.ts';

/** Why a note does not explain a loss of this reason; undefined where it does. A vague reason is sent back. */
export function problemOfReason(note: string | undefined, reason: LossReason = 'other'): string | undefined {
  const judged = judgeReason(note);
  switch (judged.kind) {
    case 'clear':
      return undefined;
    case 'too-short':
      return `The loss reason ${reason} needs a note that says what it was: ten characters, or four Chinese ones, at least`;
    case 'filler':
      return 'The note says nothing about why; write what the customer said';
    case 'listed':
      return judged.reason === reason
        ? `The note says no more than the reason ${reason} itself; write what the customer said`
        : `The note says no more than the listed reason ${judged.reason}; use that one`;
  }
}
