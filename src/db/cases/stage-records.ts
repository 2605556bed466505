import { eq } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import type { PlannedStage } from '../../renewal/case-plan.ts';
import type { CaseFacts } from '../../renewal/case-state.ts';
import type { Escalation } from '../../renewal/escalation.ts';
import { lossReasons, type LossReason, type Outcome } from '../../renewal/loss.ts';
import { stages, type Stage } from '../../renewal/stage-plan.ts';
import { wallInstant } from '../business-clock.ts';
import { heldUntil, type CaseSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { renewals } from '../schema/renewals.ts';

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
    ...nextActionIn(situation, stage.stage),
  });
}

/** Keeps the stage and moves its instants; none when the calendar is before the first stage again. */
export async function keepStage(tx: Db, situation: CaseSituation, stage: PlannedStage | undefined): Promise<void> {
  await updateRenewal(tx, situation, {
    stage: stage?.stage ?? null,
    stageEndsAt: stage ? new Date(stage.endsAt) : null,
    ...nextActionIn(situation, stage?.stage),
  });
}

async function updateRenewal(tx: Db, situation: CaseSituation, set: Partial<RenewalRow>): Promise<void> {
  const { renewal, planVersion } = situation;
  await tx
    .update(renewals)
    .set({ ...set, planVersion, armedRevision: renewal.expiryRevision })
    .where(eq(renewals.id, renewal.id));
}

export async function markEscalated(tx: Db, situation: CaseSituation, escalation: Escalation): Promise<void> {
  const { renewal, clock } = situation;
  const since = renewal.callCentreSince ?? new Date(clock.now);
  await tx
    .update(renewals)
    .set({ escalated: true, ...(escalation.kind === 'call-centre' ? { callCentreSince: since } : {}) })
    .where(eq(renewals.id, renewal.id));
}

/** Says again what comes next once a step is behind the case. */
export async function refreshNextAction(tx: Db, situation: CaseSituation): Promise<void> {
  const { renewal } = situation;
  if (renewal.outcome !== null) return;
  await tx
    .update(renewals)
    .set(nextActionIn(situation, (renewal.stage as Stage | null) ?? undefined))
    .where(eq(renewals.id, renewal.id));
}

/** The supervisor reopened the case, or its second round rested on a mistake: it is over. */
export async function endSecondRound(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const ended = { secondRoundDueAt: null, secondRoundReason: null };
  await tx.update(renewals).set(ended).where(eq(renewals.id, situation.renewal.id));
  return { ...situation, renewal: { ...situation.renewal, ...ended } };
}

/** What the case does next by itself and when, for lists and for the sweeper. */
function nextActionIn(
  situation: CaseSituation,
  stage: Stage | undefined,
): Pick<RenewalRow, 'nextAction' | 'nextActionAt'> {
  const { plan, clock, renewal } = situation;
  const held = heldUntil(situation);
  if (held !== undefined) return { nextAction: 'hold-ends', nextActionAt: new Date(held) };
  if (renewal.secondRoundDueAt) return { nextAction: 'second-round-ends', nextActionAt: renewal.secondRoundDueAt };
  const place = stage === undefined ? -1 : stages.indexOf(stage);
  const upcoming: { at: Instant; what: string }[] = [
    ...plan.touches
      .filter((touch) => touch.stage === stage && touch.dueAt > clock.now)
      .map((touch) => ({ at: touch.dueAt, what: `touch:${touch.key}` })),
    ...plan.stages
      .filter((next) => stages.indexOf(next.stage) > place)
      .map((next) => ({ at: next.opensAt, what: `stage:${next.stage}` })),
    { at: plan.closesAt, what: 'grace-ends' },
    ...(renewal.callBackAt ? [{ at: renewal.callBackAt.getTime(), what: 'call-back' }] : []),
  ];
  const next = upcoming.reduce((first, one) => (one.at < first.at ? one : first));
  return { nextAction: next.what, nextActionAt: new Date(next.at) };
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

function lossReasonOf(stored: string | null): LossReason {
  return lossReasons.find((reason) => reason === stored) ?? 'other';
}
