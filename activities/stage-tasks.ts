import { isCallCentres, isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { handOnFleetTasks } from '../src/db/tasks/fleet-tasks.ts';
import { knownTasks } from '../src/db/tasks/known-tasks.ts';
import { returnToCallCentre, takeBackEscalations, taskKey } from '../src/db/tasks/stage-tasks.ts';
import { assignTasks, dropTasks, dropTasksOf } from '../src/db/tasks/task-records.ts';
import type { Instant } from '../src/renewal/calendar.ts';
import type { PlannedStage } from '../src/renewal/case-plan.ts';
import { notInPlan } from '../src/renewal/plan-change.ts';
import type { Segment } from '../src/renewal/segment.ts';
import { stages, type Stage } from '../src/renewal/stage-plan.ts';
import { planStageWork, workInTime, workOfPeople, type StageWork } from '../src/renewal/stage-work.ts';
import {
  changeTasks,
  escalationsGivenBack,
  workGivenBack,
  type KnownTask,
  type TaskChange,
} from '../src/renewal/task-change.ts';
import { workOfOneStage } from '../src/renewal/work-of-one-stage.ts';

/**
 * Work of the stage that ends falls away. Where a correction takes the case back to an earlier stage, so do the
 * escalations out of stages that have yet to end.
 */
export async function dropStageWork(tx: Db, situation: CaseSituation, next: Stage): Promise<void> {
  const { renewal } = situation;
  if (renewal.stage === null) return;
  const reason = `stage-ended:${renewal.stage}`;
  await handOnFleetTasks(tx, situation, workOfOneStage);
  await dropTasks(tx, { renewalId: renewal.id, reason, kinds: workOfOneStage });
  const ahead = stages.slice(stages.indexOf(next));
  if (ahead.indexOf(renewal.stage as Stage) > 0) await takeBackEscalations(tx, renewal, { ahead, reason });
}

/** Gives the work of a stage that opens; what is given again keeps its place. Escalations come back where another plan leads on. */
export async function assignStageWork(
  tx: Db,
  situation: CaseSituation,
  { from, stage, isReplanned }: { from: Stage | undefined; stage: PlannedStage; isReplanned: boolean },
): Promise<void> {
  const { renewal } = situation;
  const known = await knownTasks(tx, renewal);
  const turn = { from, to: stage.stage, resultCounted: renewal.resultCounted };
  const escalations = isReplanned ? escalationsGivenBack(known, turn) : [];
  const work = workOf(situation, { stage, known, escalations });
  await assignTasks(tx, situation, work);
  if (work.some(({ kind }) => kind === 'call-centre-case')) await returnToCallCentre(tx, situation);
}

/** Gives the work that a plan has for the stage in which a case stands, and takes away what it has not. Answers what changed. */
export async function followStageWork(tx: Db, situation: CaseSituation, stage: PlannedStage): Promise<TaskChange[]> {
  const { renewal } = situation;
  const known = await knownTasks(tx, renewal);
  const work = workOf(situation, { stage, known, escalations: [] });
  const changes = changeTasks(known, { stage: stage.stage, work });
  const keys = changes.filter(({ change }) => change === 'dropped').map((task) => taskKey(renewal, task));
  if (keys.length > 0) await dropTasksOf(tx, { renewalId: renewal.id, reason: notInPlan, keys });
  await assignTasks(tx, situation, work);
  return changes;
}

type Asked = { stage: PlannedStage; known: readonly KnownTask[]; escalations: readonly StageWork[] };

function workOf(situation: CaseSituation, { stage, known, escalations }: Asked): StageWork[] {
  const { renewal, plan, stagePlan, clock, calendar } = situation;
  const facts = {
    stage,
    expiresOn: renewal.expiresOn,
    openedAt: renewal.openedAt.getTime(),
    segment: renewal.segment as Segment,
    confirmed: renewal.confirmedAt !== null,
  };
  const planned = planStageWork(facts, stagePlan, calendar);
  const givenBack = workGivenBack(known, { stage: stage.stage, work: planned });
  const work = workOfPeople([...planned, ...givenBack, ...escalations], {
    isLeftAlone: isLeftAlone(situation),
    isCallCentres: isCallCentres(renewal),
  });
  const deadlineOf = ({ kind, occasion }: StageWork): Instant | undefined =>
    known.find((task) => task.state === 'open' && task.kind === kind && task.occasion === occasion)?.dueAt;
  return workInTime(work, { now: clock.now, stageEndsAt: stage.endsAt, closesAt: plan.closesAt, deadlineOf }, calendar);
}
