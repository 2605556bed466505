import { isCallCentres, isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { handOnFleetTasks } from '../src/db/tasks/fleet-tasks.ts';
import { knownTasks } from '../src/db/tasks/known-tasks.ts';
import { openTasksOf, takeBackEscalations, taskKey } from '../src/db/tasks/stage-tasks.ts';
import { assignTasks, dropTasks } from '../src/db/tasks/task-records.ts';
import type { PlannedStage } from '../src/renewal/case-plan.ts';
import { changeTasks, notInPlan, type TaskChange } from '../src/renewal/plan-change.ts';
import type { Segment } from '../src/renewal/segment.ts';
import { stages, type Stage } from '../src/renewal/stage-plan.ts';
import { planStageWork, workInTime, workOfPeople, type StageWork } from '../src/renewal/stage-work.ts';
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

/** Gives the work of a stage; what is given again keeps its place. */
export async function assignStageWork(tx: Db, situation: CaseSituation, stage: PlannedStage): Promise<void> {
  const work = workOf(situation, stage);
  const isLate = work.some(({ dueAt }) => dueAt <= situation.clock.now);
  await assignTasks(tx, situation, isLate ? await inTime(tx, situation, { stage, work }) : work);
}

/** Gives the work that a plan has for the stage in which a case stands, and takes away what it has not. Answers what changed. */
export async function followStageWork(tx: Db, situation: CaseSituation, stage: PlannedStage): Promise<TaskChange[]> {
  const { renewal } = situation;
  const work = await inTime(tx, situation, { stage, work: workOf(situation, stage) });
  const changes = changeTasks(await knownTasks(tx, renewal), { stage: stage.stage, work });
  const kinds = changes.filter(({ change }) => change === 'dropped').map(({ kind }) => kind);
  if (kinds.length > 0) await dropTasks(tx, { renewalId: renewal.id, reason: notInPlan, kinds });
  await assignTasks(tx, situation, work);
  return changes;
}

function workOf({ renewal, stagePlan, calendar, ...present }: CaseSituation, stage: PlannedStage): StageWork[] {
  const facts = {
    stage,
    expiresOn: renewal.expiresOn,
    openedAt: renewal.openedAt.getTime(),
    segment: renewal.segment as Segment,
    confirmed: renewal.confirmedAt !== null,
  };
  return workOfPeople(planStageWork(facts, stagePlan, calendar), {
    isLeftAlone: isLeftAlone({ renewal, ...present }),
    isCallCentres: isCallCentres(renewal),
  });
}

async function inTime(
  tx: Db,
  { renewal, plan, clock, calendar }: CaseSituation,
  { stage, work }: { stage: PlannedStage; work: readonly StageWork[] },
): Promise<StageWork[]> {
  const known = new Map((await openTasksOf(tx, renewal.id)).map(({ key, dueAt }) => [key, dueAt.getTime()]));
  const deadlineOf = (task: StageWork): number | undefined => known.get(taskKey(renewal, task));
  const given = { now: clock.now, stageEndsAt: stage.endsAt, closesAt: plan.closesAt, deadlineOf };
  return workInTime(work, given, calendar);
}
