import type { CustomerRow, SentRow } from '../db/messages/message-records.ts';
import type { EffectiveContact } from '../db/results/effective-contacts.ts';
import type { Day, Instant } from '../renewal/calendar.ts';
import type { CaseFacts } from '../renewal/case-state.ts';
import type { PlanFacts } from '../renewal/case-plan.ts';
import type { KnownMessage } from '../renewal/plan-change.ts';
import type { KnownTask } from '../renewal/task-change.ts';
import type { Segment } from '../renewal/segment.ts';
import type { Channel, Stage } from '../renewal/stage-plan.ts';
import type { TaskRole } from '../renewal/task.ts';

/** A task as the forecast has it; `holder` is the case through which it is asked. Instants are business milliseconds. */
export type ForecastTask = Omit<KnownTask, 'isTaken'> & {
  holder: CaseOfWork;
  role: TaskRole;
  assigneeId: string | null;
};

/** What the work of a case hangs on, kept until all of it is given. */
export type CaseOfWork = {
  id: string;
  branchId: string;
  teamId: string | null;
  fleetId: string | null;
  expiresOn: Day;
  ownerId: string | null;
  specialistId: string | null;
  supervisorId: string | null;
  /** The stage in which its work stands. */
  stage: Stage | null;
  isClosed: boolean;
  tasks: ForecastTask[];
};

export type ForecastMessage = KnownMessage & { heldUntil: Instant | null };

/** An open case, or the case that a policy will get on its day. Instants are business milliseconds. */
export type ForecastCase = PlanFacts & {
  work: CaseOfWork;
  segment: Segment;
  plate: string | null;
  vin: string | null;
  /** Since when somebody is known to work it; for a coming case the intake that opens it. */
  openedAt: Instant;
  isComing: boolean;
  stageOpenedAt: Instant | null;
  stageEndsAt: Instant | null;
  handedOut: boolean;
  callCentreSince: Instant | null;
  facts: CaseFacts;
  /** Which plan its instants follow now; 0 for a coming case. */
  armedPlan: number;
  /** When somebody of its fleet was last really reached. */
  fleetReachedAt: Instant | null;
  /** From when on nobody owns it, and when the call centre has it for good because nobody decided. */
  orphanedAt: Instant | null;
  handedOffAt: Instant | null;
  messages: ForecastMessage[];
};

/** All of one customer that may matter for each other: open and coming cases, what was sent and said not long ago. */
export type Household = {
  customer: CustomerRow;
  /** The channels on which nothing is sent to the customer's address any more. */
  suppressed: readonly Channel[];
  cases: ForecastCase[];
  sent: SentRow[];
  contacts: EffectiveContact[];
};
