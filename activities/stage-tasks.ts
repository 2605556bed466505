import { isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { TaskToAssign } from '../src/db/cases/case-work.ts';
import type { Db } from '../src/db/connection.ts';
import { handOnFleetTasks } from '../src/db/tasks/fleet-tasks.ts';
import { openTasksOf, takeBackEscalations, taskKey } from '../src/db/tasks/stage-tasks.ts';
import { assignTasks, dropTasks } from '../src/db/tasks/task-records.ts';
import type { PlannedStage } from '../src/renewal/case-plan.ts';
import { dueTimeOnceGiven } from '../src/renewal/due-time.ts';
import type { Segment } from '../src/renewal/segment.ts';
import { stages, type Stage } from '../src/renewal/stage-plan.ts';
import { planStageWork } from '../src/renewal/stage-work.ts';
import { roleFor, type TaskKind } from '../src/renewal/task.ts';

/** Work that only makes sense in its own stage; file check and acceptance stay until the case closes. */
const workOfOneStage: readonly TaskKind[] = [
  'indicative-quote',
  'first-contact',
  'firm-quote',
  'phone-attempt',
  'key-client-visit',
  'second-visit',
  'last-offer',
];

/**
 * Work of the stage that ends falls away. Where a correction takes the case back to an earlier stage, so do the
 * escalations out of stages that have yet to end.
 */
export async function dropStageWork(tx: Db, { renewal }: CaseSituation, next: Stage): Promise<void> {
  if (renewal.stage === null) return;
  const reason = `stage-ended:${renewal.stage}`;
  await handOnFleetTasks(tx, renewal, workOfOneStage);
  await dropTasks(tx, { renewalId: renewal.id, reason, kinds: workOfOneStage });
  const ahead = stages.slice(stages.indexOf(next));
  if (ahead.indexOf(renewal.stage as Stage) > 0) await takeBackEscalations(tx, renewal, { ahead, reason });
}

/** Gives the work of a stage; what is given again keeps its place. */
export async function assignStageWork(tx: Db, situation: CaseSituation, stage: PlannedStage): Promise<void> {
  await assignTasks(tx, situation, await inTime(tx, situation, { stage, work: workOf(situation, stage) }));
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

/** Nobody gets a task that is late already: its time runs from now. One that somebody has keeps its deadline. */
async function inTime(
  tx: Db,
  { renewal, plan, clock, calendar }: CaseSituation,
  { stage, work }: { stage: PlannedStage; work: TaskToAssign[] },
): Promise<TaskToAssign[]> {
  if (work.every(({ dueAt }) => dueAt > clock.now)) return work;
  const known = new Set((await openTasksOf(tx, renewal.id)).map(({ key }) => key));
  const latest = stage.endsAt > clock.now ? stage.endsAt : plan.closesAt;
  return work.map((task) => {
    if (task.dueAt > clock.now || known.has(taskKey(renewal, task))) return task;
    const span = { from: task.startsAt ?? 0, latest, givenAt: clock.now, workdays: task.workdays };
    return { ...task, dueAt: dueTimeOnceGiven(task.kind, span, calendar) };
  });
}
