import { eq } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import type { PlannedStage } from '../../renewal/case-plan.ts';
import type { CaseFacts } from '../../renewal/case-state.ts';
import type { Escalation } from '../../renewal/escalation.ts';
import { lossReasons, type LossReason, type Outcome } from '../../renewal/loss.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import { wallInstant } from '../business-clock.ts';
import type { CaseSituation } from './case-situation.ts';
import { refreshNextAction } from './next-action-records.ts';
import type { Db } from '../connection.ts';
import { renewals } from '../schema/renewals.ts';
import { updateRow } from '../write-together.ts';

type RenewalRow = typeof renewals.$inferSelect;

/** Writes that a stage opened; `counted` says whether its result is there already. */
export async function openStage(
  tx: Db,
  situation: CaseSituation,
  { stage, counted }: { stage: PlannedStage; counted: boolean },
): Promise<void> {
  await updateRenewal(tx, situation, {
    stage: stage.stage,
    stageOpenedAt: new Date(situation.clock.now),
    stageEndsAt: new Date(stage.endsAt),
    resultCounted: counted,
    armedRevision: situation.renewal.expiryRevision,
  });
}

/** Keeps the stage and moves its instants; none when the calendar is before the first stage again. */
export async function keepStage(tx: Db, situation: CaseSituation, stage: PlannedStage | undefined): Promise<void> {
  await updateRenewal(tx, situation, {
    stage: stage?.stage ?? null,
    stageEndsAt: stage ? new Date(stage.endsAt) : null,
  });
}

async function updateRenewal(tx: Db, situation: CaseSituation, set: Partial<RenewalRow>): Promise<void> {
  const { renewal, planVersion } = situation;
  await tx
    .update(renewals)
    .set({ ...set, planVersion })
    .where(eq(renewals.id, renewal.id));
  await refreshNextAction(tx, { ...situation, renewal: { ...renewal, ...set } });
}

/** What was due while the case paused is not sent any more. */
export async function missTouches(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal, clock } = situation;
  const missed = { touchesFrom: new Date(clock.now) };
  await tx.update(renewals).set(missed).where(eq(renewals.id, renewal.id));
  return { ...situation, renewal: { ...renewal, ...missed } };
}

/** Remembers that the workflow of the case has looked for its stage by the expiry date as it stands. */
export async function markExpiryFollowed(tx: Db, { renewal }: CaseSituation): Promise<void> {
  if (renewal.armedRevision === renewal.expiryRevision) return;
  await tx.update(renewals).set({ armedRevision: renewal.expiryRevision }).where(eq(renewals.id, renewal.id));
}

/** Remembers that the workflow of the case has armed its timers by the plan now in force: every answer carries it. */
export async function markArmed(tx: Db, { renewal, planVersion }: CaseSituation): Promise<void> {
  if (renewal.armedPlanVersion === planVersion) return;
  await updateRow(tx, renewals, { id: renewal.id, change: { armedPlanVersion: planVersion } });
}

export async function markEscalated(tx: Db, situation: CaseSituation, escalation: Escalation): Promise<void> {
  const { renewal, clock } = situation;
  const since = renewal.callCentreSince ?? new Date(clock.now);
  await tx
    .update(renewals)
    .set({ escalated: true, ...(escalation.kind === 'call-centre' ? { callCentreSince: since } : {}) })
    .where(eq(renewals.id, renewal.id));
}

/** The supervisor reopened the case, or its second round rested on a mistake: it is over. */
export async function endSecondRound(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const ended = { secondRoundDueAt: null, secondRoundReason: null };
  await tx.update(renewals).set(ended).where(eq(renewals.id, situation.renewal.id));
  return { ...situation, renewal: { ...situation.renewal, ...ended } };
}

/** The second round that runs is about another loss now. */
export async function changeSecondRound(tx: Db, situation: CaseSituation, reason: LossReason): Promise<CaseSituation> {
  const changed = { secondRoundReason: reason };
  await tx.update(renewals).set(changed).where(eq(renewals.id, situation.renewal.id));
  return { ...situation, renewal: { ...situation.renewal, ...changed } };
}

/** What the rows know of a case that resumes; instants become wall instants. */
export function factsOf(situation: CaseSituation): CaseFacts {
  const { renewal, clock, stagePlan } = situation;
  const wall = (instant: Date): Instant => wallInstant(clock, instant.getTime());
  return {
    ...(renewal.stage ? { stage: renewal.stage as Stage } : {}),
    resultCounted: renewal.resultCounted,
    confirmed: renewal.confirmedAt !== null,
    attempts: renewal.attempts,
    minimumAttempts: stagePlan.minimumAttempts,
    refusedContact: renewal.refusedContactAt !== null,
    owned: renewal.orphanedAt === null,
    escalated: renewal.escalated,
    ...(renewal.callBackAt ? { callBackAt: wall(renewal.callBackAt) } : {}),
    // Also one that is over: the case has not returned to its calendar before the row forgets it.
    ...(renewal.heldUntil ? { heldUntil: wall(renewal.heldUntil) } : {}),
    ...(renewal.holdRevision > 0 ? { holdRevision: renewal.holdRevision } : {}),
    ...(renewal.secondRoundDueAt
      ? { secondRound: { reason: lossReasonOf(renewal.secondRoundReason), dueAt: wall(renewal.secondRoundDueAt) } }
      : {}),
  };
}

/** The book in which a closed row lies; undefined while it is open. */
export function outcomeOf(renewal: RenewalRow): Outcome | undefined {
  switch (renewal.outcome) {
    case 'renewed':
      return { kind: 'renewed', early: renewal.renewedEarly };
    case 'lost':
      return { kind: 'lost', reason: lossReasonOf(renewal.lossReason), renewable: renewal.renewable };
    case 'orphan-handed-off':
      return { kind: 'orphan-handed-off', channel: renewal.receivingChannel ?? 'call-centre' };
    case null:
      return undefined;
  }
}

/** A stored loss reason; one that is none any more is some other. */
export function lossReasonOf(stored: string | null): LossReason {
  return lossReasons.find((reason) => reason === stored) ?? 'other';
}
