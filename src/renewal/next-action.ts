import type { Instant } from './calendar.ts';
import type { CasePlan, PlannedTouch } from './case-plan.ts';
import { stages, type Stage } from './stage-plan.ts';

/** What decides on the next steps of an open case; instants are business milliseconds, a hold that is over is no hold. */
export type CaseAtPresent = {
  plan: CasePlan;
  now: Instant;
  stage: Stage | undefined;
  heldUntil: Instant | undefined;
  secondRoundDueAt: Instant | undefined;
  callBackAt: Instant | undefined;
  isOrphan: boolean;
  /** By when the hand-over of an orphan is decided, or the channel has accepted it. */
  handoverDueAt: Instant | undefined;
  mayBeWrittenTo: (at: Instant) => boolean;
  /** Whether the messages of a touch have gone, or were decided not to. */
  isDone: (touch: PlannedTouch) => boolean;
};

/** Something that is planned of a case, as a code such as `stage:wrap-up`, and when (business ms). */
export type NextAction = { what: string; at: Instant };

/** What an open case does next by itself, and when: the first of the events ahead of it. */
export function nextActionOf(present: CaseAtPresent): NextAction {
  return eventsAhead(present, 1)[0] ?? graceEnd(present);
}

/**
 * What is planned of an open case if nobody does anything, up to so many events in their order: the end of its hold, then
 * that of its second round, else its stages, touches, call-back, hand-over and close. Nobody is written to whose case has
 * no owner, or who refused it (business.md, Orphans and Contact results). Agrees with what the case waits for (agenda.ts).
 * `besides` is what does not wake the case, such as work that starts later.
 */
export function eventsAhead(present: CaseAtPresent, count: number, besides: readonly NextAction[] = []): NextAction[] {
  const { plan, heldUntil } = present;
  const pause = at('hold-ends', heldUntil);
  const afterwards = heldUntil === undefined ? goingOn(present) : goingOn(asOf(present, heldUntil));
  const last = present.secondRoundDueAt ?? plan.closesAt;
  const others = besides.filter((one) => one.at > present.now && one.at < last);
  return [...pause, ...afterwards, ...others].toSorted((one, other) => one.at - other.at).slice(0, count);
}

/** The case at the end of its hold: in the stage of the calendar, without what it missed. */
function asOf(present: CaseAtPresent, now: Instant): CaseAtPresent {
  const callBackAt = present.callBackAt === undefined ? undefined : Math.max(present.callBackAt, now);
  return { ...present, now, callBackAt };
}

function goingOn(present: CaseAtPresent): NextAction[] {
  if (present.secondRoundDueAt !== undefined) return at('second-round-ends', present.secondRoundDueAt);
  const close = graceEnd(present);
  const upcoming = [
    ...stagesAhead(present),
    ...touchesAhead(present),
    ...at('call-back', present.callBackAt),
    ...at('hand-over-ends', present.isOrphan ? present.handoverDueAt : undefined),
  ];
  return [...upcoming.filter((one) => one.at < close.at), close];
}

function graceEnd({ plan }: CaseAtPresent): NextAction {
  return { what: 'grace-ends', at: plan.closesAt };
}

/** Also those of stages that have yet to open. */
function touchesAhead(present: CaseAtPresent): NextAction[] {
  const { plan, now, stage, heldUntil, isOrphan, mayBeWrittenTo, isDone } = present;
  if (isOrphan) return [];
  const isAhead = (dueAt: Instant): boolean => (heldUntil === undefined ? dueAt > now : dueAt >= now);
  return plan.touches
    .filter((touch) => placeOf(touch.stage) >= placeOf(stage) && isAhead(touch.dueAt) && !isDone(touch))
    .filter(({ dueAt }) => mayBeWrittenTo(dueAt))
    .map((touch) => ({ what: `touch:${touch.key}`, at: touch.dueAt }));
}

/** A case that was held opens one stage at the end of its hold: that of the calendar. */
function stagesAhead({ plan, now, stage, heldUntil }: CaseAtPresent): NextAction[] {
  const ahead = plan.stages.filter((next) => placeOf(next.stage) > placeOf(stage));
  const missed = heldUntil === undefined ? [] : ahead.filter((next) => next.opensAt <= now);
  return ahead
    .filter((next) => !missed.includes(next) || next === missed.at(-1))
    .map((next) => ({ what: `stage:${next.stage}`, at: missed.includes(next) ? now : next.opensAt }));
}

function placeOf(stage: Stage | undefined): number {
  return stage === undefined ? -1 : stages.indexOf(stage);
}

function at(what: string, instant: Instant | undefined): NextAction[] {
  return instant === undefined ? [] : [{ what, at: instant }];
}

/** Why something is planned of a case, in words; what is planned is a code. */
export function reasonOfEvent(planned: string): string {
  const [kind, what] = planned.split(':');
  if (kind === 'touch') return `The stage plan has the message ${what} on this day.`;
  if (kind === 'message') return `The message ${what} is held back until then.`;
  if (kind === 'stage') return `The stage plan opens the stage ${what} on this day.`;
  if (kind === 'task') return `The task ${what} can be done from then on.`;
  if (kind === 'grace-ends') return 'The days of grace end; without an outcome the case closes as lost.';
  if (kind === 'hold-ends') return 'The case is held; then it goes on at the stage of the calendar.';
  if (kind === 'hand-over-ends') return 'Nobody owns the case; by then its hand-over is decided or accepted.';
  if (kind === 'call-back') return 'The customer expects a call then.';
  if (kind?.startsWith('second-round')) return 'The second round ends; without an answer the loss is confirmed.';
  return 'The case acts by itself then.';
}
