import type { Stage } from './stage-plan.ts';
import type { TaskKind } from './task.ts';

/** What follows when a stage ends without a result that counts. */
export type Escalation =
  | { kind: 'none' }
  | { kind: 'supervisor'; task: TaskKind; reason: string }
  | { kind: 'call-centre'; task: TaskKind; reason: string };

export type EscalationFacts = {
  resultCounted: boolean;
  handedOut: boolean;
  mayBeCalled: boolean;
};

/** Who takes over when the stage ends (business.md, The stage plan, "no result at its end"). */
export function escalateOutOf(stage: Stage, facts: EscalationFacts): Escalation {
  // A customer who refused contact already has the supervisor's one task and is not called (Contact results).
  if (facts.resultCounted || !facts.mayBeCalled) return { kind: 'none' };
  switch (stage) {
    case 'preparation':
      return facts.handedOut
        ? { kind: 'supervisor', task: 'accept-reminder', reason: 'entry-not-accepted' }
        : { kind: 'call-centre', task: 'call-centre-case', reason: 'entry-never-handed-out' };
    case 'follow-up':
      return { kind: 'supervisor', task: 'coaching', reason: 'no-effective-contact-in-follow-up' };
    case 'intensive-chase':
      return { kind: 'call-centre', task: 'call-centre-case', reason: 'no-effective-contact-in-intensive-chase' };
    case 'wrap-up':
      return { kind: 'none' };
  }
}
