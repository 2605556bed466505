import type { Instant } from './calendar.ts';
import { notInPlan } from './plan-change.ts';
import { plannedTaskKinds, stages, type Stage } from './stage-plan.ts';
import type { StageWork } from './stage-work.ts';
import type { TaskKind } from './task.ts';
import { workOfOneStage } from './work-of-one-stage.ts';

/** A task of a case as its row stands. */
export type KnownTask = {
  kind: TaskKind;
  occasion: string;
  stage: Stage | null;
  state: string;
  droppedReason: string | null;
  startsAt?: Instant | undefined;
  dueAt: Instant;
  /** Somebody has it; what waits in a queue nobody has. */
  isTaken: boolean;
};

/** A task, whoever has it. */
type GivenTask = Omit<KnownTask, 'isTaken'>;

/** What a change of the plan does to the work of the stage in which a case stands. */
export type TaskChange = { kind: TaskKind; occasion: string } & (
  | { change: 'added'; dueAt: Instant }
  | { change: 'moved'; from: Instant; dueAt: Instant }
  | { change: 'dropped'; from: Instant }
);

/** What people get who take over out of a stage that ended without its result. */
export const escalationTasks: readonly TaskKind[] = ['accept-reminder', 'coaching', 'call-centre-case'];

/** The work that follows from what happens in a stage, and is of that stage only. */
const workThatFollows: readonly TaskKind[] = ['phone-attempt', 'second-visit'];

/** All the kinds of tasks that another plan may give, move or take away. */
export const tasksThatFollowPlans: readonly TaskKind[] = [
  ...plannedTaskKinds,
  'second-visit',
  ...escalationTasks,
  'second-round',
];

/** Whether a task that was taken away is given again when its stage asks for it once more. */
export function isGivenAgain({ state, droppedReason }: Pick<KnownTask, 'state' | 'droppedReason'>): boolean {
  if (state !== 'dropped' || droppedReason === null) return false;
  return droppedReason.startsWith('stage-ended:') || [notInPlan, 'result-corrected'].includes(droppedReason);
}

/** The tasks that a stage gives, moves or takes away when its plan changes; what is done stays done. */
export function changeTasks(
  known: readonly KnownTask[],
  { stage, work }: { stage: Stage; work: readonly StageWork[] },
): TaskChange[] {
  const dropped = known.filter(
    (task) =>
      task.state === 'open' &&
      task.stage === stage &&
      isPlannable(task.kind) &&
      !work.some(({ kind }) => kind === task.kind),
  );
  return [...giveTasks(known, work), ...dropped.map(takeAway)];
}

/** Another stage takes away the work of the one before, and gives its own; none is left by a case that opens. */
export function turnTasks(
  known: readonly KnownTask[],
  { from, to, work }: { from: Stage | undefined; to: Stage; work: readonly StageWork[] },
): TaskChange[] {
  const isWanted = (task: KnownTask): boolean =>
    work.some(({ kind, occasion }) => kind === task.kind && occasion === task.occasion);
  const isLeft = (task: KnownTask): boolean => endsWithStage(task, from) && !isWanted(task);
  const dropped = known.filter((task) => isLeft(task) || isTakenBack(task, { from, to }));
  return [...giveTasks(known, work), ...dropped.map(takeAway)];
}

/** Whether an open task goes with the stage that its case leaves; it may be given again by the next one. */
export function endsWithStage({ state, kind }: KnownTask, from: Stage | undefined): boolean {
  return from !== undefined && state === 'open' && workOfOneStage.includes(kind);
}

/**
 * Whether a case that goes back to an earlier stage loses this task: an escalation out of a stage that has yet to end.
 * Somebody of the call centre who took the case keeps it.
 */
function isTakenBack(task: KnownTask, { from, to }: { from: Stage | undefined; to: Stage }): boolean {
  if (from === undefined || stages.indexOf(to) >= stages.indexOf(from)) return false;
  const isAhead = task.stage !== null && stages.indexOf(task.stage) >= stages.indexOf(to);
  const isKept = task.kind === 'call-centre-case' && task.isTaken;
  return task.state === 'open' && escalationTasks.includes(task.kind) && isAhead && !isKept;
}

/**
 * The later attempts and second visits of a stage to which a case returns, and what a plan left out of its stage and has
 * again, with the deadlines that they had. A plan without phone attempts has no later ones either.
 */
export function workGivenBack(
  known: readonly GivenTask[],
  { stage, work }: { stage: Stage; work: readonly StageWork[] },
): StageWork[] {
  const wentWith = ({ stage: of, droppedReason: reason }: GivenTask): boolean =>
    reason === `stage-ended:${stage}` || (reason === notInPlan && of === stage);
  const isAskedFor = ({ kind, occasion }: GivenTask): boolean =>
    (!isPlannable(kind) || work.some((one) => one.kind === kind)) &&
    !work.some((one) => one.kind === kind && one.occasion === occasion);
  return known
    .filter((task) => task.state === 'dropped' && workThatFollows.includes(task.kind))
    .filter((task) => wentWith(task) && isAskedFor(task))
    .map(asWork);
}

/**
 * The escalations that a case had, lost on its way back, and gets again where another plan takes it past the ends of those
 * stages once more; none out of a stage whose result is there now. Nobody gets two of a kind.
 */
export function escalationsGivenBack(
  known: readonly GivenTask[],
  turn: { from: Stage | undefined; to: Stage; resultCounted: boolean },
): StageWork[] {
  const { from, to, resultCounted } = turn;
  if (from === undefined) return [];
  const ended = stages
    .slice(stages.indexOf(from), stages.indexOf(to))
    .filter((stage) => stage !== from || !resultCounted);
  return escalationTasks.flatMap((kind) => {
    const ofKind = known.filter((task) => task.kind === kind);
    if (ofKind.some(({ state }) => state === 'open')) return [];
    const lost = ofKind.filter(
      ({ state, droppedReason, stage }) =>
        state === 'dropped' && droppedReason?.startsWith('stage-ended:') && stage !== null && ended.includes(stage),
    );
    return lost.slice(0, 1).map(asWork);
  });
}

/** A second round lasts until the case closes at the latest (business.md, Contact results). */
export function shortenSecondRound(known: readonly KnownTask[], closesAt: Instant): TaskChange[] {
  return known
    .filter(({ kind, state, dueAt }) => kind === 'second-round' && state === 'open' && dueAt > closesAt)
    .map(({ kind, occasion, dueAt: from }) => ({ kind, occasion, change: 'moved', from, dueAt: closesAt }));
}

function isPlannable(kind: TaskKind): boolean {
  return plannedTaskKinds.some((planned) => planned === kind);
}

function asWork({ kind, occasion, startsAt, dueAt }: GivenTask): StageWork {
  return { kind, occasion, dueAt, counted: { latest: dueAt }, ...(startsAt === undefined ? {} : { startsAt }) };
}

function giveTasks(known: readonly KnownTask[], work: readonly StageWork[]): TaskChange[] {
  return work.flatMap(({ kind, occasion, dueAt }): TaskChange[] => {
    const row = known.find((task) => task.kind === kind && task.occasion === occasion);
    if (!row || isGivenAgain(row)) return [{ kind, occasion, change: 'added', dueAt }];
    if (row.state !== 'open' || row.dueAt === dueAt) return [];
    return [{ kind, occasion, change: 'moved', from: row.dueAt, dueAt }];
  });
}

function takeAway({ kind, occasion, dueAt }: KnownTask): TaskChange {
  return { kind, occasion, change: 'dropped', from: dueAt };
}
