import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, heldUntil, isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { TaskToAssign } from '../src/db/cases/case-work.ts';
import type { Db } from '../src/db/connection.ts';
import { forgetPassedHold } from '../src/db/cases/hold-records.ts';
import { fleetWasReached, handOnFleetTasks } from '../src/db/tasks/fleet-tasks.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { expireMessages, plannedConfirmations, planMessages } from '../src/db/messages/planned-messages.ts';
import { receivedResults } from '../src/db/results/result-records.ts';
import { factsOf, keepStage, markEscalated, openStage, outcomeOf } from '../src/db/cases/stage-records.ts';
import { assignTasks, dropTasks } from '../src/db/tasks/task-records.ts';
import type { Instant } from '../src/renewal/calendar.ts';
import type { StageQuestion, StageTurned } from '../src/renewal/case-answers.ts';
import { stageAfter, stageAt, type PlannedStage } from '../src/renewal/case-plan.ts';
import { dueTime } from '../src/renewal/due-time.ts';
import { countsIn, type ContactResult } from '../src/renewal/contact-result.ts';
import { escalateOutOf } from '../src/renewal/escalation.ts';
import type { Segment } from '../src/renewal/segment.ts';
import type { Stage } from '../src/renewal/stage-plan.ts';
import { planStageWork } from '../src/renewal/stage-work.ts';
import { roleFor, type TaskKind } from '../src/renewal/task.ts';
import { reopenCase } from './reopen-case.ts';

/** Work that only makes sense in its own stage; file check and acceptance stay until the case closes. */
const workOfOneStage: readonly TaskKind[] = [
  'indicative-quote',
  'first-contact',
  'firm-quote',
  'phone-attempt',
  'key-client-visit',
  'second-visit',
];

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
  if (question.why !== 'calendar' && isSame) return { ...(await keep(tx, situation, due)), ...known };
  if (due && isSame) return opened(situation, due);
  if (!due && question.why !== 'entered') return { ...(await keep(tx, situation, undefined)), ...known };
  const awaited = due ?? plan.stages[0];
  if (!awaited || !hasCome(situation, awaited.opensAt)) {
    return { kind: 'not-yet', until: wallInstant(clock, awaited?.opensAt ?? plan.closesAt) };
  }
  const escalated = question.why === 'calendar' && (await escalate(tx, situation, question));
  await open(tx, situation, { stage: awaited, question });
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
  if (stage) await assignTasks(tx, situation, workOf(situation, stage));
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

async function escalate(tx: Db, situation: CaseSituation, question: StageQuestion): Promise<boolean> {
  const { renewal } = situation;
  if (!question.from) return false;
  const escalation = escalateOutOf(question.from, {
    resultCounted: question.resultCounted || (await countsUnheard(tx, renewal, question.from)),
    handedOut: renewal.handedOutAt !== null,
    mayBeCalled: !isLeftAlone(situation),
  });
  if (escalation.kind === 'none') return false;
  await markEscalated(tx, situation, escalation);
  const dueAt = escalationDueAt(situation, escalation.task, question.from);
  await assignTasks(tx, situation, [{ kind: escalation.task, occasion: question.from, dueAt }]);
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: 'system',
      event: `escalated:${escalation.kind}`,
      reason: escalation.reason,
      inputs: { stage: question.from, planVersion: situation.planVersion },
    },
  ]);
  return true;
}

/** Counted from the stage's planned end, within the stage after it. */
function escalationDueAt({ plan, calendar, renewal }: CaseSituation, task: TaskKind, from: Stage): Instant {
  const next = stageAfter(plan, from);
  const latest = stageAfter(plan, next?.stage)?.opensAt ?? plan.closesAt;
  return dueTime(task, { from: Math.max(next?.opensAt ?? 0, renewal.openedAt.getTime()), latest }, calendar);
}

/** A result that counts may stand in the books while nobody could tell the case of it, or in another case of its fleet. */
async function countsUnheard(tx: Db, renewal: CaseSituation['renewal'], stage: Stage): Promise<boolean> {
  const since = renewal.stageOpenedAt?.getTime() ?? 0;
  // Each vehicle of a fleet is confirmed by itself; a contact is made once.
  if (stage !== 'preparation' && (await fleetWasReached(tx, renewal))) return true;
  const received = await receivedResults(tx, renewal.id);
  return received.some(
    ({ kind, result, recordedAt }) =>
      kind === 'contact' && recordedAt.getTime() >= since && countsIn(stage, result as ContactResult),
  );
}

async function open(
  tx: Db,
  situation: CaseSituation,
  { stage, question }: { stage: PlannedStage; question: StageQuestion },
): Promise<void> {
  const { renewal } = situation;
  const alreadyCounted = stage.stage === 'preparation' && renewal.confirmedAt !== null;
  await openStage(tx, situation, { stage, counted: alreadyCounted });
  const reason = `stage-ended:${renewal.stage}`;
  if (renewal.stage) await handOnFleetTasks(tx, renewal, workOfOneStage);
  if (renewal.stage) await dropTasks(tx, { renewalId: renewal.id, reason, kinds: workOfOneStage });
  await assignTasks(tx, { ...situation, renewal: { ...renewal, stage: stage.stage } }, workOf(situation, stage));
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

/**
 * A customer who refused contact leaves nothing to do but the supervisor's one task (business.md, Contact results), and
 * what the call centre has from its first day is no agent's work.
 */
function workOf(situation: CaseSituation, stage: PlannedStage): TaskToAssign[] {
  if (isLeftAlone(situation)) return [];
  const { renewal, stagePlan, calendar } = situation;
  const facts = {
    stage,
    expiresOn: renewal.expiresOn,
    openedAt: renewal.openedAt.getTime(),
    segment: renewal.segment as Segment,
    confirmed: renewal.confirmedAt !== null,
  };
  const work = planStageWork(facts, stagePlan, calendar);
  const isCallCentres = renewal.ownerId === null && renewal.orphanedAt === null && renewal.callCentreSince !== null;
  return isCallCentres ? work.filter(({ kind }) => roleFor(kind) !== 'agent') : work;
}

function touchesOf({ plan }: CaseSituation, stage: PlannedStage) {
  return plan.touches.filter((touch) => touch.stage === stage.stage);
}
