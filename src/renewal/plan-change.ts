import type { Day, Instant } from './calendar.ts';
import type { CasePlan, PlannedTouch } from './case-plan.ts';
import type { Channel, Stage } from './stage-plan.ts';

/** A message of a case as its row stands; instants are business milliseconds. */
export type KnownMessage = {
  touch: string;
  channel: Channel;
  template: string;
  state: string;
  reason: string | null;
  dueAt: Instant;
  latestAt: Instant;
  /** Whether its case has come to it, to send it or to hold it back: it does not come again. */
  cameTo: boolean;
};

/** What decides about a touch at the moment at which its stage is planned. */
export type PlanningMoment = {
  now: Instant;
  /** The business day on which the case was opened. */
  openedOn: Day;
  mayBeWrittenTo: (at: Instant) => boolean;
  /** What was due before this instant was missed while the case paused. */
  touchesFrom?: Instant | undefined;
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
 * missed it, however soon after, and one that paused over it has too (business.md, The stage plan).
 */
export function planTouchAt(touch: PlannedTouch, moment: PlanningMoment): Planned {
  const { now, openedOn, touchesFrom = 0 } = moment;
  if (touch.latestAt <= now || touch.dueOn < openedOn || touch.dueAt < touchesFrom) return 'late';
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
export function mayComeBack({ state, reason, cameTo }: KnownMessage): boolean {
  return !cameTo && (state === 'expired' || (state === 'cancelled' && reason === notInPlan));
}

function moveMessage(row: KnownMessage, planned: PlannedTouch, moment: PlanningMoment): MessageChange[] {
  const { touch, channel, dueAt: from } = row;
  // A rule that held it back may have made it valid for longer.
  const isAsValid = row.cameTo || row.latestAt === planned.latestAt;
  const isSame = from === planned.dueAt && row.template === planned.template && isAsValid;
  const isMissed = !row.cameTo && planned.dueAt < (moment.touchesFrom ?? 0);
  if (isSame && !isMissed) return [];
  const asValid = row.cameTo ? { ...planned, latestAt: Math.max(planned.latestAt, row.latestAt) } : planned;
  const state = planTouchAt(asValid, row.cameTo ? { ...moment, touchesFrom: 0 } : moment);
  if (state !== 'planned') return [{ touch, channel, kind: state, planned }];
  return [{ touch, channel, kind: 'moved', from, planned: asValid }];
}

function newMessage(
  { touch, channel, planned }: { touch: string; channel: Channel; planned: PlannedTouch },
  { row, moment }: { row: KnownMessage | undefined; moment: PlanningMoment },
): MessageChange[] {
  const state = planTouchAt(planned, moment);
  if (state === 'planned') return [{ touch, channel, kind: 'added', planned }];
  return row ? [] : [{ touch, channel, kind: state, planned }];
}

/** How a message of a touch stands. */
export type TouchState = Pick<KnownMessage, 'touch' | 'channel' | 'state'>;

/** The messages of a case once it has followed another plan. */
export function messagesAfter(known: readonly KnownMessage[], changes: readonly MessageChange[]): TouchState[] {
  const isOf = (change: MessageChange, row: KnownMessage): boolean =>
    change.touch === row.touch && change.channel === row.channel;
  const kept = known.filter((row) => !changes.some((change) => isOf(change, row)));
  const changed = changes.map(({ touch, channel, kind }) => ({
    touch,
    channel,
    state: kind === 'added' || kind === 'moved' ? 'planned' : kind,
  }));
  return [...kept, ...changed];
}

/** Whether nothing of a touch is to go any more: on each of its channels it was sent, or decided not to be. */
export function isSettled(
  { key, channels }: Pick<PlannedTouch, 'key' | 'channels'>,
  rows: readonly TouchState[],
): boolean {
  return channels.every((channel) =>
    rows.some((row) => row.touch === key && row.channel === channel && row.state !== 'planned'),
  );
}
