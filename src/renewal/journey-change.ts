import type { Day, Instant } from './calendar.ts';
import { stageAt, type CasePlan, type PlannedTouch } from './case-plan.ts';
import { pauseOf, type Following, type Present, type RunningCase } from './follow-plan.ts';
import { changeMessages, mayComeBack, planTouchAt, type KnownMessage, type MessageChange } from './plan-change.ts';
import { stages, type Channel, type Stage } from './stage-plan.ts';

/** A message that a case has yet to send by a plan; a late one is skipped. Business milliseconds. */
type MessageAhead = { touch: string; channel: Channel; template: string; at: Instant; isLate: boolean };

/** What another plan does to the messages that a case has yet to send until it closes, those of later stages too. */
export type JourneyChange = {
  touch: string;
  channel: Channel;
  template: string;
  kind: 'added' | 'dropped' | 'moved' | 'late';
  from: Instant | null;
  to: Instant | null;
};

/**
 * What another plan does to the rest of a case's journey, if nobody does anything (business.md, The stage plan). A held
 * case goes on in the stage of the calendar at the end of its hold, by either plan; one in its second round sends nothing.
 */
export function changeJourney(
  one: RunningCase,
  { before, after, following }: { before: CasePlan; after: CasePlan; following: Following },
  present: Present,
): JourneyChange[] {
  if (one.secondRoundDueAt !== undefined) return [];
  const was = messagesAhead(one, { plan: before, stage: one.stage, changes: [] }, present);
  const { stageAfter: stage, messages: changes } = following;
  const willBe = messagesAhead(one, { plan: after, stage, changes }, present);
  const names = new Set([...was.keys(), ...willBe.keys()]);
  return [...names].flatMap((name) => changeOf(was.get(name), willBe.get(name)) ?? []);
}

function changeOf(was: MessageAhead | undefined, willBe: MessageAhead | undefined): JourneyChange | undefined {
  const wasGoing = was && !was.isLate ? was : undefined;
  const isGoing = willBe && !willBe.isLate ? willBe : undefined;
  const named = willBe ?? was;
  if (!named || wasGoing?.at === isGoing?.at) return undefined;
  const { touch, channel, template } = named;
  const kind = wasGoing && isGoing ? 'moved' : isGoing ? 'added' : willBe ? 'late' : 'dropped';
  return { touch, channel, template, kind, from: wasGoing?.at ?? null, to: willBe?.at ?? null };
}

type Standing = { plan: CasePlan; stage: Stage | undefined; changes: readonly MessageChange[] };

function messagesAhead(one: RunningCase, standing: Standing, present: Present): Map<string, MessageAhead> {
  const { plan } = standing;
  const resumesAt = pauseOf(one, plan, present);
  const { stage, changes } = resumesAt === undefined ? standing : resumed(one, plan, { ...present, now: resumesAt });
  const from = resumesAt ?? present.now;
  const openedOn = present.calendar.dayOf(one.openedAt);
  const rows = new Map(one.messages.map((row) => [nameOf(row), row]));
  const ahead = new Map<string, MessageAhead>();
  for (const [name, { state, touch, channel, template, dueAt, latestAt }] of rows) {
    const isGoing = state === 'planned' && latestAt >= from && one.mayBeWrittenTo(dueAt);
    if (isGoing) ahead.set(name, { touch, channel, template, at: dueAt, isLate: false });
  }
  for (const change of changes) apply(ahead, change);
  for (const touch of plan.touches.filter((each) => placeOf(each.stage) > placeOf(stage))) {
    addTouch(one, { touch, opensAt: openingOf(plan, touch), from, rows, ahead }, openedOn);
  }
  return ahead;
}

/** A case that was held goes on where the calendar has it by then. */
function resumed(one: RunningCase, plan: CasePlan, { now, calendar }: Present): Omit<Standing, 'plan'> {
  const stage = stageAt(plan, now)?.stage ?? one.stage;
  const moment = { now, openedOn: calendar.dayOf(one.openedAt), mayBeWrittenTo: one.mayBeWrittenTo };
  return { stage, changes: changeMessages(one.messages, { plan, stage }, moment) };
}

function apply(ahead: Map<string, MessageAhead>, change: MessageChange): void {
  if (change.kind === 'dropped' || change.kind === 'left-alone') return void ahead.delete(nameOf(change));
  const { touch, channel, planned, kind } = change;
  const { template, dueAt: at } = planned;
  ahead.set(nameOf(change), { touch, channel, template, at, isLate: kind === 'late' });
}

type Adding = {
  touch: PlannedTouch;
  opensAt: Instant;
  from: Instant;
  rows: ReadonlyMap<string, KnownMessage>;
  ahead: Map<string, MessageAhead>;
};

function addTouch(one: RunningCase, { touch, opensAt, from, rows, ahead }: Adding, openedOn: Day): void {
  const moment = { openedOn, mayBeWrittenTo: one.mayBeWrittenTo };
  const becomes = planTouchAt(touch, { ...moment, now: Math.max(opensAt, from) });
  for (const channel of touch.channels) {
    const name = nameOf({ touch: touch.key, channel });
    const row = rows.get(name);
    if (becomes === 'left-alone' || ahead.has(name) || (row && !mayComeBack(row))) continue;
    const { key, template, dueAt: at } = touch;
    ahead.set(name, { touch: key, channel, template, at, isLate: becomes === 'late' });
  }
}

function openingOf({ stages: planned }: CasePlan, { stage }: PlannedTouch): Instant {
  return planned.find((one) => one.stage === stage)?.opensAt ?? 0;
}

function nameOf({ touch, channel }: { touch: string; channel: Channel }): string {
  return `${touch}/${channel}`;
}

function placeOf(stage: Stage | undefined): number {
  return stage === undefined ? -1 : stages.indexOf(stage);
}
