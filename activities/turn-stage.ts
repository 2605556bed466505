import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, heldUntil, type CaseSituation } from '../src/db/cases/case-situation.ts';
import { forgetPassedHold } from '../src/db/cases/hold-records.ts';
import { refreshNextAction } from '../src/db/cases/next-action-records.ts';
import { missTouches, openStage, outcomeOf } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { followMessages } from '../src/db/messages/follow-messages.ts';
import { expireMessages, plannedConfirmations, planMessages } from '../src/db/messages/planned-messages.ts';
import { resultsTakenIn } from '../src/db/results/result-records.ts';
import type { StageQuestion, StageTurned } from '../src/renewal/case-answers.ts';
import { stageAfter, stageAt, type PlannedStage } from '../src/renewal/case-plan.ts';
import { countsIn } from '../src/renewal/contact-result.ts';
import type { Stage } from '../src/renewal/stage-plan.ts';
import { escalate } from './escalate.ts';
import { journaliseFollowing, keep, opened, readBooks, standStill, type Books } from './keep-stage.ts';
import { escalateStruck, leftStage } from './left-stage.ts';
import { reopenCase } from './reopen-case.ts';
import { assignStageWork, dropStageWork } from './stage-tasks.ts';

/** Ends a stage (escalating when nothing was recorded in it) and opens the next, in one step (business.md, The stage plan). */
export async function turnStage(tx: Db, read: CaseSituation, asked: StageQuestion): Promise<StageTurned> {
  const outcome = outcomeOf(read.renewal);
  if (outcome) return { kind: 'ended', outcome, confirmBy: await plannedConfirmations(tx, read.renewal.id) };
  const question = underItsPlan(read, asked);
  const known = question.why === 'reopened' ? await reopenCase(tx, read) : await forgetPassedHold(tx, read);
  const situation = hasPaused(question, known) ? await missTouches(tx, known) : known;
  const { renewal, plan, clock } = situation;
  const isFresh = question.why === 'entered' && read.renewal.heldUntil === renewal.heldUntil;
  if (isFresh && renewal.stage && hasHeardAll(situation)) return standStill(tx, situation);
  const held = heldUntil(situation);
  if (held !== undefined && waitsForHold(question.why)) return { kind: 'held', until: wallInstant(clock, held) };
  if (held !== undefined || renewal.secondRoundDueAt) return standStill(tx, situation);

  if (question.why === 'calendar' && renewal.stage !== null && renewal.stage !== question.from) {
    // The step was taken before, and its answer was lost.
    return opened(
      situation,
      plan.stages.find((stage) => stage.stage === renewal.stage),
    );
  }
  const due =
    question.why === 'calendar' ? stageAfter(plan, question.from) : stageAt(plan, clock.now + situation.tolerance);
  const isSame = due?.stage === renewal.stage;
  const said = await whatTheBooksSay(tx, situation, { question, isSame: isSame || !due });
  if (question.why !== 'calendar' && isSame) {
    const escalated = question.why === 'corrected' && (await escalateStruck(tx, situation, due?.stage));
    return { ...(await keep(tx, situation, due)), ...said, escalated: renewal.escalated || escalated };
  }
  if (due && isSame) return opened(situation, due);
  if (!due && question.why !== 'entered') return { ...(await keep(tx, situation, undefined)), ...said };
  const awaited = due ?? plan.stages[0];
  if (!awaited || !hasCome(situation, awaited.opensAt)) {
    return { kind: 'not-yet', until: wallInstant(clock, awaited?.opensAt ?? plan.closesAt) };
  }
  const left = leftStage(situation, question, awaited.stage);
  const escalated = left !== undefined && (await escalate(tx, situation, left));
  const resultCounted = left?.counted ?? question.resultCounted;
  const counted = await open(tx, situation, { stage: awaited, question: { ...question, resultCounted } });
  const turned = { ...opened(situation, awaited), escalated: renewal.escalated || escalated };
  return { ...turned, ...said, ...(question.why === 'replanned' ? { counted } : {}) };
}

/** A case whose hold or second round is over has missed what was due meanwhile (business.md, Contact results). */
function hasPaused({ why, afterHold }: StageQuestion, situation: CaseSituation): boolean {
  if (heldUntil(situation) !== undefined || situation.renewal.secondRoundDueAt !== null) return false;
  return why === 'reopened' || why === 'hold-ended' || (afterHold ?? false);
}

/** A case that comes to its next instant before anybody told it of another plan goes where that plan has it. */
function underItsPlan({ renewal, planVersion }: CaseSituation, asked: StageQuestion): StageQuestion {
  const isBehind = renewal.stage !== null && renewal.planVersion !== planVersion;
  return asked.why === 'calendar' && isBehind ? { ...asked, why: 'replanned' } : asked;
}

/** A correction, the early end of a hold or another plan that its old run never heard of leaves no stage to resume. */
function hasHeardAll({ renewal, planVersion }: CaseSituation): boolean {
  const { armedRevision, expiryRevision, toldHoldRevision, holdRevision } = renewal;
  return renewal.planVersion === planVersion && armedRevision === expiryRevision && toldHoldRevision === holdRevision;
}

/** A held case opens nothing; it only follows what changed its instants or its books. */
function waitsForHold(why: StageQuestion['why']): boolean {
  return why === 'calendar' || why === 'entered' || why === 'hold-ended';
}

/** What a case must hear that begins anew, or whose books changed under it. A result counts for one stage only. */
async function whatTheBooksSay(
  tx: Db,
  situation: CaseSituation,
  { question, isSame }: { question: StageQuestion; isSame: boolean },
): Promise<Books> {
  const hasChanged = question.why === 'reopened' || question.why === 'corrected';
  if (question.from !== undefined && !hasChanged) return {};
  const { resumed, ...books } = await readBooks(tx, situation);
  return { ...books, resumed: isSame ? resumed : { ...resumed, resultCounted: false } };
}

async function open(
  tx: Db,
  situation: CaseSituation,
  { stage, question }: { stage: PlannedStage; question: StageQuestion },
): Promise<boolean> {
  const { renewal } = situation;
  const counted = await countedAlready(tx, situation, { stage: stage.stage, why: question.why });
  await openStage(tx, situation, { stage, counted });
  await dropStageWork(tx, situation, stage.stage);
  const from = (renewal.stage ?? undefined) as Stage | undefined;
  const opening = { ...situation, renewal: { ...renewal, stage: stage.stage } };
  await assignStageWork(tx, opening, { from, stage, isReplanned: question.why === 'replanned' });
  await expireMessages(tx, situation, 'stage-ended');
  await planTouches(tx, situation, { stage, question });
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: 'system',
      event: `stage-opened:${stage.stage}`,
      reason: question.why,
      inputs: {
        planVersion: situation.planVersion,
        from: question.from ?? null,
        resultCounted: question.resultCounted,
      },
    },
  ]);
  return counted;
}

/** Preparation asks whether the entry is confirmed; a stage to which another plan takes a case back keeps what it had. */
async function countedAlready(
  tx: Db,
  { renewal, stagePlan }: CaseSituation,
  { stage, why }: { stage: Stage; why: StageQuestion['why'] },
): Promise<boolean> {
  if (stage === 'preparation' && renewal.confirmedAt !== null) return true;
  if (why !== 'replanned') return false;
  const taken = await resultsTakenIn(tx, renewal.id, stage);
  return taken.some((result) => countsIn(stagePlan, stage, result));
}

async function planTouches(
  tx: Db,
  situation: CaseSituation,
  { stage, question }: { stage: PlannedStage; question: StageQuestion },
): Promise<void> {
  const isUsual = question.why === 'calendar' || question.why === 'entered';
  if (isUsual && situation.renewal.planVersion === situation.planVersion) {
    const touches = situation.plan.touches.filter((touch) => touch.stage === stage.stage);
    return planMessages(tx, situation, touches);
  }
  const messages = await followMessages(tx, situation, stage.stage);
  await refreshNextAction(tx, { ...situation, renewal: { ...situation.renewal, stage: stage.stage } });
  await journaliseFollowing(tx, situation, { stage: stage.stage, tasks: [], messages });
}
