import { eq, sql } from 'drizzle-orm';
import { mapInstants, planCase, type CasePlan } from '../../renewal/case-plan.ts';
import type { Calendar, Day, Instant } from '../../renewal/calendar.ts';
import type { CaseAnswer } from '../../renewal/case-answers.ts';
import { RenewalError } from '../../renewal/errors.ts';
import type { Deciding } from '../../renewal/explanation.ts';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import { wallInstant, type ClockReading } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { readPlanAndClock, type PlanAndClock } from './plan-records.ts';
import { customers } from '../schema/customers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** Everything a step of a case decides on, read in its transaction; instants are business milliseconds. */
export type CaseSituation = {
  renewal: typeof renewals.$inferSelect;
  policy: typeof policies.$inferSelect;
  /** Until when the customer is left alone, in this case and in all others. */
  doNotContactUntil: Instant | null;
  stagePlan: StagePlan;
  planVersion: number;
  plan: CasePlan;
  calendar: Calendar;
  clock: ClockReading;
  /** The business day on which the case was opened; a touch of an earlier day was missed before. */
  openedOn: Day;
  /** Business milliseconds by which a timer on another machine's clock may be early. */
  tolerance: number;
  stamp: string;
};

const toleratedWallMs = 50;

const lockCaseRow = prepareOnce('lock_case_row', (db) =>
  db
    .select({ renewal: renewals, policy: policies, doNotContactUntil: customers.doNotContactUntil })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(eq(renewals.id, sql.placeholder('renewalId')))
    .for('no key update', { of: renewals }),
);

/** Reads a case and locks its row until the transaction ends. Throws `renewal-unknown`. */
export async function readSituation(tx: Db, renewalId: string, calendar: Calendar): Promise<CaseSituation> {
  const [row] = await lockCaseRow(tx, { renewalId });
  if (!row) throw new RenewalError('renewal-unknown', 'No case has this id.');
  const read = await readPlanAndClock(tx, row.renewal);
  const { renewal, policy } = row;
  return {
    ...momentOfCase(renewal, read, calendar),
    renewal,
    policy,
    doNotContactUntil: row.doNotContactUntil?.getTime() ?? null,
    stagePlan: read.plan,
    openedOn: calendar.dayOf(renewal.openedAt.getTime()),
    tolerance: toleranceOf(read.clock),
  };
}

/** What every answer to a case rests on. */
export type CaseMoment = Pick<CaseSituation, 'stamp' | 'planVersion' | 'plan' | 'calendar' | 'clock'>;

type Dated = Pick<CaseSituation['renewal'], 'id' | 'expiresOn' | 'graceFrom' | 'expiryRevision'>;

/** The moment of a case from what was read of it; its plan is worked out for whoever asks for it. */
export function momentOfCase(
  renewal: Dated,
  { version, plan: stagePlan, clock }: PlanAndClock,
  calendar: Calendar,
): CaseMoment {
  let plan: CasePlan | undefined;
  return {
    stamp: `${version}.${renewal.expiryRevision}.${clock.epoch}`,
    planVersion: version,
    get plan() {
      plan ??= planCase({ ...renewal, spreadKey: renewal.id }, stagePlan, calendar);
      return plan;
    },
    calendar,
    clock,
  };
}

/** Business milliseconds by which two machines' clocks may differ. */
export function toleranceOf({ speed }: ClockReading): number {
  return toleratedWallMs * speed;
}

/** The part of every answer that keeps a case's timers on the plan now in force. */
export function answerFor(question: { stamp: string }, moment: CaseMoment): CaseAnswer {
  const { stamp, planVersion, clock } = moment;
  if (question.stamp === stamp) return { stamp, planVersion };
  return { stamp, planVersion, plan: mapInstants(moment.plan, (instant) => wallInstant(clock, instant)) };
}

/** Whether business time has reached an instant, as far as two machines' clocks can agree. */
export function hasCome({ clock, tolerance }: Pick<CaseSituation, 'clock' | 'tolerance'>, instant: Instant): boolean {
  return clock.now + tolerance >= instant;
}

/** When and by which plan a step of the case decides, for its explanation. */
export function decidingIn({ planVersion, calendar, clock }: Moment): Deciding {
  return { planVersion, calendar, now: clock.now };
}

type Moment = Pick<CaseSituation, 'planVersion' | 'calendar' | 'clock'>;

/** Whether nobody may call or write: the customer refused contact in this case, or in another one not long ago. */
export function isLeftAlone(situation: Pick<CaseSituation, 'renewal' | 'doNotContactUntil' | 'clock'>): boolean {
  return !mayBeWrittenTo(situation, situation.clock.now);
}

/** Whether the call centre has had the case from its first day. */
export function isCallCentres({
  ownerId,
  orphanedAt,
  callCentreSince,
}: Pick<CaseSituation['renewal'], 'ownerId' | 'orphanedAt' | 'callCentreSince'>): boolean {
  return ownerId === null && orphanedAt === null && callCentreSince !== null;
}

/** Whether the customer's refusal of contact, as it stands, is over by an instant. */
export function mayBeWrittenTo(
  {
    renewal,
    doNotContactUntil,
  }: { renewal: Pick<CaseSituation['renewal'], 'refusedContactAt'>; doNotContactUntil: Instant | null },
  at: Instant,
): boolean {
  return renewal.refusedContactAt === null && (doNotContactUntil === null || doNotContactUntil <= at);
}

/** Until when a case is held, never past its close; undefined when nobody holds it (any more). */
export function heldUntil(
  situation: Pick<CaseSituation, 'renewal' | 'plan' | 'clock' | 'tolerance'>,
): Instant | undefined {
  const { renewal, plan } = situation;
  if (renewal.heldUntil === null) return undefined;
  const until = Math.min(renewal.heldUntil.getTime(), plan.closesAt);
  return hasCome(situation, until) ? undefined : until;
}
