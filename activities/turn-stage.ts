import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, heldUntil, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { forgetPassedHold } from '../src/db/cases/hold-records.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { expireMessages, plannedConfirmations, planMessages } from '../src/db/messages/planned-messages.ts';
import { receivedResults } from '../src/db/results/result-records.ts';
import { stageLeftUncounted } from '../src/db/results/struck-stage.ts';
import { factsOf, keepStage, openStage, outcomeOf } from '../src/db/cases/stage-records.ts';
import type { Instant } from '../src/renewal/calendar.ts';
import type { StageQuestion, StageTurned } from '../src/renewal/case-answers.ts';
import { stageAfter, stageAt, type PlannedStage } from '../src/renewal/case-plan.ts';
import { stages, type Stage } from '../src/renewal/stage-plan.ts';
import { escalate, wasEscalated, type EndedStage } from './escalate.ts';
import { reopenCase } from './reopen-case.ts';
import { assignStageWork, dropStageWork } from './stage-tasks.ts';

/** Ends a stage (escalating when nothing was recorded in it) and opens the next, in one step (business.md, The stage plan). */
export async function turnStage(tx: Db, read: CaseSituation, question: StageQuestion): Promise<StageTurned> {
  const outcome = outcomeOf(read.renewal);
  if (outcome) return { kind: 'ended', outcome, confirmBy: await plannedConfirmations(tx, read.renewal.id) };
  const situation = question.why === 'reopened' ? await reopenCase(tx, read) : await forgetPassedHold(tx, read);
  const { renewal, plan, clock } = situation;
  if (question.why === 'entered' && renewal.stage && hasHeardAll(renewal)) return standStill(tx, situation);
  const held = heldUntil(situation);
  if (held !== undefined && waitsForHold(question.why)) return { kind: 'held', until: wallInstant(clock, held) };
  if (held !== undefined || renewal.secondRoundDueAt) return standStill(tx, situation);

  const due =
    question.why === 'calendar' ? stageAfter(plan, question.from) : stageAt(plan, clock.now + situation.tolerance);
  const isSame = due?.stage === renewal.stage;
  const known = await whatTheBooksSay(tx, situation, { question, isSame: isSame || !due });
  if (question.why !== 'calendar' && isSame) {
    const escalated = question.why === 'corrected' && (await escalateStruck(tx, situation, due?.stage));
    return { ...(await keep(tx, situation, due)), ...known, escalated: renewal.escalated || escalated };
  }
  if (due && isSame) return opened(situation, due);
  if (!due && question.why !== 'entered') return { ...(await keep(tx, situation, undefined)), ...known };
  const awaited = due ?? plan.stages[0];
  if (!awaited || !hasCome(situation, awaited.opensAt)) {
    return { kind: 'not-yet', until: wallInstant(clock, awaited?.opensAt ?? plan.closesAt) };
  }
  const left = leftStage(situation, question, awaited.stage);
  const escalated = left !== undefined && (await escalate(tx, situation, left));
  const resultCounted = left?.counted ?? question.resultCounted;
  await open(tx, situation, { stage: awaited, question: { ...question, resultCounted } });
  const turned = { ...opened(situation, awaited), escalated: renewal.escalated || escalated };
  return { ...turned, ...known };
}

/** A correction or the early end of a hold that its old run never heard of leaves no stage to resume. */
function hasHeardAll({
  armedRevision,
  expiryRevision,
  toldHoldRevision,
  holdRevision,
}: CaseSituation['renewal']): boolean {
  return armedRevision === expiryRevision && toldHoldRevision === holdRevision;
}

/** A held case opens nothing; it only follows what changed its instants or its books. */
function waitsForHold(why: StageQuestion['why']): boolean {
  return why === 'calendar' || why === 'entered' || why === 'hold-ended';
}

/** The case stays where it stands, with its instants by the plan now in force; nothing is assigned or planned. */
async function standStill(tx: Db, situation: CaseSituation): Promise<Opened> {
  const stage = situation.plan.stages.find((planned) => planned.stage === situation.renewal.stage);
  await keepStage(tx, situation, stage);
  return { ...opened(situation, stage), kept: true, ...(await readBooks(tx, situation)) };
}

type Books = Pick<Opened, 'resumed' | 'unsettled'>;

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

async function readBooks(tx: Db, situation: CaseSituation): Promise<Required<Books>> {
  const received = await receivedResults(tx, situation.renewal.id);
  const unsettled = received.filter(({ kind }) => kind === 'contact').map(({ id }) => id);
  return { resumed: factsOf(situation), unsettled };
}

async function keep(tx: Db, situation: CaseSituation, stage: PlannedStage | undefined): Promise<Opened> {
  await keepStage(tx, situation, stage);
  if (stage) await assignStageWork(tx, situation, stage);
  if (stage) await planMessages(tx, situation, touchesOf(situation, stage));
  return { ...opened(situation, stage), kept: true };
}

type Opened = StageTurned & { kind: 'opened' };

function opened({ plan, renewal }: CaseSituation, stage: PlannedStage | undefined): Opened {
  const iso = (instant: Instant): string => new Date(instant).toISOString();
  const known = stage ? { stage: stage.stage, endsAt: iso(stage.endsAt) } : {};
  const expiresAt = iso(plan.stages.at(-1)?.endsAt ?? plan.closesAt);
  return { kind: 'opened', ...known, expiresAt, escalated: renewal.escalated, kept: false };
}

/**
 * The stage that this step leaves. A case that paused over its end because of a mistake leaves it with what the books still
 * have; one that paused for another reason has missed nothing.
 */
function leftStage({ renewal }: CaseSituation, question: StageQuestion, next: Stage): EndedStage | undefined {
  const { why, from, resultCounted: counted } = question;
  if (why === 'calendar' && from) return { stage: from, counted };
  const stage = renewal.stage as Stage | null;
  if (why !== 'corrected' || question.afterHold || stage === null || stages.indexOf(next) <= stages.indexOf(stage))
    return undefined;
  return { stage, counted: renewal.resultCounted };
}

/** A mistake that was struck out does not count for the stage in which it was recorded, also once that has ended. */
async function escalateStruck(tx: Db, situation: CaseSituation, present: Stage | undefined): Promise<boolean> {
  const stage = present && (await stageLeftUncounted(tx, situation, present));
  if (stage === undefined || (await wasEscalated(tx, situation.renewal.id, stage))) return false;
  return escalate(tx, situation, { stage, counted: false });
}

async function open(
  tx: Db,
  situation: CaseSituation,
  { stage, question }: { stage: PlannedStage; question: StageQuestion },
): Promise<void> {
  const { renewal } = situation;
  const alreadyCounted = stage.stage === 'preparation' && renewal.confirmedAt !== null;
  await openStage(tx, situation, { stage, counted: alreadyCounted });
  await dropStageWork(tx, situation, stage.stage);
  await assignStageWork(tx, { ...situation, renewal: { ...renewal, stage: stage.stage } }, stage);
  await expireMessages(tx, situation, 'stage-ended');
  await planMessages(tx, situation, touchesOf(situation, stage));
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
}

function touchesOf({ plan }: CaseSituation, stage: PlannedStage) {
  return plan.touches.filter((touch) => touch.stage === stage.stage);
}
