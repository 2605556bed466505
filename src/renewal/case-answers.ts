import type { Instant } from './calendar.ts';
import type { CasePlan } from './case-plan.ts';
import type { CaseFacts, Detour, Ending } from './case-state.ts';
import type { LossReason, Outcome } from './loss.ts';
import type { Channel, Stage } from './stage-plan.ts';

/** How a case asks for a step; the stamp names the plan it has armed its timers for. Ids, codes and instants only. */
export type CaseQuestion = { renewalId: string; stamp: string };

/** The stamp of the plan now in force, and the plan itself (wall instants) when the case has another one. */
export type CaseAnswer = { stamp: string; planVersion: number; plan?: CasePlan };

export type StageQuestion = CaseQuestion & {
  why: 'entered' | 'calendar' | Detour;
  from: Stage | undefined;
  resultCounted: boolean;
  /** A hold ended since the stage opened: whatever the case asks for, nothing was missed in it. */
  afterHold?: boolean;
};

/**
 * `kept`: the stage stays the same and only its instants moved. `resumed`: what the rows say of a case that was rebuilt,
 * reopened or corrected; results that are `unsettled` are not in it.
 */
export type StageTurned =
  | {
      kind: 'opened';
      stage?: Stage;
      escalated: boolean;
      kept: boolean;
      endsAt?: string;
      expiresAt?: string;
      resumed?: CaseFacts;
      unsettled?: readonly string[];
      /** Whether a stage to which another plan takes the case back has its result already. */
      counted?: boolean;
      /** How many attempts the plan asks for before somebody gives up. */
      minimumAttempts?: number;
    }
  | { kind: 'not-yet' | 'held'; until: Instant }
  | { kind: 'ended'; outcome: Outcome; confirmBy?: readonly Channel[] };

export type StageTurn = CaseAnswer & StageTurned;

/** `resend` counts the attempts that were ordered on purpose; a case itself orders none. */
export type SendQuestion = CaseQuestion & { touch: string; resend?: number };

/** `unknown` and `accepted` are the provider's; everything else is decided before a byte leaves. */
export type SendAnswer = CaseAnswer &
  (
    | { kind: 'accepted' | 'unknown' | 'not-accepted' | 'already' }
    | { kind: 'suppressed' | 'expired'; reason: string }
    | { kind: 'waiting'; until: Instant; reason: string }
  );

/** The loss reason that a second round is about, and the result that led to it. */
export type SecondRoundQuestion = CaseQuestion & { reason: LossReason; resultId: string | undefined };

export type CloseQuestion = CaseQuestion & { ending: Ending };

export type Closed =
  { kind: 'closed'; outcome: Outcome; confirmBy: readonly Channel[] } | { kind: 'not-yet'; until: Instant };

export type CloseAnswer = CaseAnswer & Closed;

export type Assigned = { kind: 'assigned'; dueAt?: Instant } | { kind: 'not-yet'; until: Instant };

export type WaitAnswer = CaseAnswer & Assigned;
