import type { Day, Instant } from './calendar.ts';
import type { CasePlan, PlannedTouch } from './case-plan.ts';
import type { StageWork } from './stage-work.ts';
import { plannedTaskKinds, type Channel, type Stage } from './stage-plan.ts';
import type { TaskKind } from './task.ts';

/** A message of a case as its row stands; instants are business milliseconds. */
export type KnownMessage = {
  touch: string;
  channel: Channel;
  template: string;
  state: string;
  reason: string | null;
  dueAt: Instant;
  latestAt: Instant;
  /** Whether a rule held it back before: then its case has come to it, and does not come again. */
  wasHeld: boolean;
};

/** What decides about a touch at the moment at which its stage is planned. */
export type PlanningMoment = {
  now: Instant;
  /** The business day on which the case was opened. */
  openedOn: Day;
  mayBeWrittenTo: (at: Instant) => boolean;
};

/** What becomes of a touch when its stage is planned. */
export type Planned = 'planned' | 'late' | 'left-alone';

/** What a change of the plan does to one message; `late` and `left-alone` are not sent, `dropped` is no part of the plan any more. */
export type MessageChange = { touch: string; channel: Channel } & (
  | { kind: 'added'; planned: PlannedTouch }
  | { kind: 'moved'; from: Instant; planned: PlannedTouch }
  | { kind: 'late' | 'left-alone'; planned: PlannedTouch }
  | { kind: 'dropped'; from: Instant }
);

/** The reason of a message that a published plan has no touch for. */
export const notInPlan = 'not-in-plan';

/**
 * Whether a touch is planned, late, or would reach somebody who refused contact: a case first seen on a later day has
 * missed it, however soon after (business.md, The stage plan).
 */
export function planTouchAt(touch: PlannedTouch, moment: PlanningMoment): Planned {
  if (touch.latestAt <= moment.now || touch.dueOn < moment.openedOn) return 'late';
  return moment.mayBeWrittenTo(touch.dueAt) ? 'planned' : 'left-alone';
}

/**
 * What another plan does to the messages of a case (architecture.md, Tuning timers of cases in flight): those of the stage
 * in which it stands are added or given back, those that wait are moved, and those that the plan does not have fall away.
 * What was sent or decided stays.
 */
export function changeMessages(
  known: readonly KnownMessage[],
  target: { plan: CasePlan; stage: Stage | undefined },
  moment: PlanningMoment,
): MessageChange[] {
  const wanted = target.plan.touches.flatMap((planned) =>
    planned.channels.map((channel) => ({ touch: planned.key, channel, planned })),
  );
  const rowOf = (one: { touch: string; channel: Channel }) =>
    known.find(({ touch, channel }) => touch === one.touch && channel === one.channel);
  const changes = wanted.flatMap((one): MessageChange[] => {
    const row = rowOf(one);
    if (row?.state === 'planned') return moveMessage(row, one.planned, moment);
    const isNew = one.planned.stage === target.stage && (!row || mayComeBack(row));
    return isNew ? newMessage(one, { row, moment }) : [];
  });
  const isWanted = (row: KnownMessage) => wanted.some((one) => rowOf(one) === row);
  const dropped = known.filter((row) => row.state === 'planned' && !isWanted(row));
  return [
    ...changes,
    ...dropped.map(({ touch, channel, dueAt: from }): MessageChange => ({ touch, channel, kind: 'dropped', from })),
  ];
}

/** A message that its case never came to may have its day again. */
export function mayComeBack({ state, reason, wasHeld }: KnownMessage): boolean {
  return !wasHeld && (state === 'expired' || (state === 'cancelled' && reason === notInPlan));
}

function moveMessage(row: KnownMessage, planned: PlannedTouch, moment: PlanningMoment): MessageChange[] {
  const { touch, channel, dueAt: from } = row;
  // A rule that held it back may have made it valid for longer.
  const isAsValid = row.wasHeld || row.latestAt === planned.latestAt;
  const isSame = from === planned.dueAt && row.template === planned.template && isAsValid;
  if (isSame) return [];
  const state = planTouchAt(planned, moment);
  return [
    state === 'planned' ? { touch, channel, kind: 'moved', from, planned } : { touch, channel, kind: state, planned },
  ];
}

function newMessage(
  { touch, channel, planned }: { touch: string; channel: Channel; planned: PlannedTouch },
  { row, moment }: { row: KnownMessage | undefined; moment: PlanningMoment },
): MessageChange[] {
  const state = planTouchAt(planned, moment);
  if (state === 'planned') return [{ touch, channel, kind: 'added', planned }];
  return row ? [] : [{ touch, channel, kind: state, planned }];
}

/** A task of a case as its row stands. */
export type KnownTask = {
  kind: TaskKind;
  occasion: string;
  stage: Stage | null;
  state: string;
  droppedReason: string | null;
  dueAt: Instant;
};

/** What a change of the plan does to the work of the stage in which a case stands. */
export type TaskChange = { kind: TaskKind; occasion: string } & (
  | { change: 'added'; dueAt: Instant }
  | { change: 'moved'; from: Instant; dueAt: Instant }
  | { change: 'dropped'; from: Instant }
);

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
  const isPlannable = (kind: TaskKind) => plannedTaskKinds.some((planned) => planned === kind);
  const dropped = known.filter(
    (task) =>
      task.state === 'open' &&
      task.stage === stage &&
      isPlannable(task.kind) &&
      !work.some(({ kind }) => kind === task.kind),
  );
  return [...giveTasks(known, work), ...dropped.map(takeAway)];
}

/** Another stage takes away the work of the one before, and gives its own. */
export function turnTasks(
  known: readonly KnownTask[],
  { left, work }: { left: readonly TaskKind[]; work: readonly StageWork[] },
): TaskChange[] {
  const isLeft = ({ state, kind }: KnownTask): boolean => state === 'open' && left.includes(kind);
  const isWanted = (task: KnownTask): boolean =>
    work.some(({ kind, occasion }) => kind === task.kind && occasion === task.occasion);
  const dropped = known.filter((task) => isLeft(task) && !isWanted(task));
  return [...giveTasks(known, work), ...dropped.map(takeAway)];
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
