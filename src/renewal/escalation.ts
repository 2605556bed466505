import type { DecisionRule } from './decision-rules.ts';
import type { EscalationTarget, Stage, Unanswered } from './stage-plan.ts';
import type { TaskKind } from './task.ts';

/** What follows when a stage ends without a result that counts. */
export type Escalation =
  | { kind: 'none' }
  | { kind: 'supervisor'; task: TaskKind; reason: DecisionRule }
  | { kind: 'call-centre'; task: TaskKind; reason: DecisionRule };

export type EscalationFacts = {
  /** Who takes over by the plan. */
  unanswered: Unanswered;
  resultCounted: boolean;
  handedOut: boolean;
  mayBeCalled: boolean;
};

/** Who takes over when the stage ends (business.md, The stage plan, "no result at its end"), by what the plan says of it. */
export function escalateOutOf(stage: Stage, facts: EscalationFacts): Escalation {
  // A customer who refused contact already has the supervisor's one task and is not called (Contact results).
  if (facts.resultCounted || !facts.mayBeCalled) return { kind: 'none' };
  // After the last stage the grace passes and the case closes; no plan may name anybody who takes over.
  if (stage === 'wrap-up') return { kind: 'none' };
  const { unanswered, handedOut } = facts;
  const reason = reasonOf(stage, handedOut);
  const target: EscalationTarget = handedOut ? unanswered.handedOut : unanswered.notHandedOut;
  switch (target) {
    case 'supervisor':
      return { kind: target, task: stage === 'preparation' ? 'accept-reminder' : 'coaching', reason };
    case 'call-centre':
      return { kind: target, task: 'call-centre-case', reason };
    case 'nobody':
      return { kind: 'none' };
  }
}

function reasonOf(stage: Exclude<Stage, 'wrap-up'>, handedOut: boolean): DecisionRule {
  if (stage !== 'preparation') return `no-effective-contact-in-${stage}`;
  return handedOut ? 'entry-not-accepted' : 'entry-never-handed-out';
}
