import { addDays, dayMs, hasPlainHours, minuteMs, type Calendar, type Day, type Instant } from './calendar.ts';
import {
  type CountingResult,
  stages,
  type Channel,
  type LatePolicy,
  type Stage,
  type StagePlan,
  type Touch,
} from './stage-plan.ts';

/** `counts` is missing where a case armed its timers before plans said it. */
export type PlannedStage = {
  stage: Stage;
  opensAt: Instant;
  endsAt: Instant;
  opensOn: Day;
  endsOn: Day;
  counts?: CountingResult;
};

export type PlannedTouch = {
  key: string;
  stage: Stage;
  template: string;
  channels: readonly Channel[];
  dueAt: Instant;
  latestAt: Instant;
  dueOn: Day;
};

/** The instants of one case. They are business instants here and wall instants once an activity hands them to a workflow. */
export type CasePlan = {
  stages: readonly PlannedStage[];
  touches: readonly PlannedTouch[];
  bindOpensAt: Instant;
  expiresOn: Day;
  /** When an open case closes as lost, reason *no result*. */
  closesAt: Instant;
  closesOn: Day;
};

/** What the instants of a case hang on; `graceFrom` is the day of a correction that came after the grace days. */
export type PlanFacts = { expiresOn: Day; spreadKey: string; graceFrom?: Day | null };

/**
 * Turns an expiry date and a stage plan into the instants of a case (architecture.md, Time): each lies on its day in the
 * business zone, from the sending window's start plus an offset that is the policy's own, so that one expiry day spreads.
 */
export function planCase(facts: PlanFacts, plan: StagePlan, calendar: Calendar): CasePlan {
  const offset = spreadOffset(facts.spreadKey, plan.spreadMinutes);
  const dayBefore = (days: number): Day => addDays(facts.expiresOn, -days);
  const on = (day: Day): Instant => instantOn(calendar, day, { ...plan.sendingWindow, offset });
  const at = (days: number): Instant => on(dayBefore(days));
  const closesOn = closingDay(facts, plan.graceDays);
  return {
    stages: plan.stages.map((rule) => ({
      stage: rule.stage,
      opensAt: at(rule.opensDaysBefore),
      endsAt: at(rule.endsDaysBefore),
      opensOn: dayBefore(rule.opensDaysBefore),
      endsOn: dayBefore(rule.endsDaysBefore),
      counts: rule.counts,
    })),
    touches: plan.stages.flatMap((rule) =>
      rule.touches.map((touch) => planTouch(rule.stage, touch, { at, dayBefore })),
    ),
    bindOpensAt: calendar.instantOf(dayBefore(plan.bindOpensDaysBefore), 0),
    expiresOn: facts.expiresOn,
    closesAt: on(closesOn),
    closesOn,
  };
}

type Place = { fromMinute: number; toMinute: number; offset: number };

/**
 * So many minutes of the clock after the window opens. Where the clocks jump from that minute out of the window, the
 * window's start: a window longer than the jump always has one.
 */
function instantOn(calendar: Calendar, day: Day, { fromMinute, toMinute, offset }: Place): Instant {
  const opensAt = calendar.instantOf(day, fromMinute);
  if (hasPlainHours(calendar, day)) return opensAt + offset * minuteMs;
  const at = calendar.instantOf(day, fromMinute + offset);
  return calendar.minuteOfDay(at) < toMinute ? at : opensAt;
}

/** The last day of the grace: after the expiry, or after the day on which somebody said that the expiry was long ago. */
function closingDay({ expiresOn, graceFrom }: PlanFacts, graceDays: number): Day {
  const from = graceFrom && graceFrom > expiresOn ? graceFrom : expiresOn;
  return addDays(from, graceDays);
}

/** Whether a case with this expiry would have closed by the end of a day, its grace over (business.md, The stage plan). */
export function graceIsOver(expiresOn: Day, plan: Pick<StagePlan, 'graceDays'>, today: Day): boolean {
  return addDays(expiresOn, plan.graceDays) <= today;
}

function planTouch(
  stage: Stage,
  touch: Touch,
  place: { at: (days: number) => Instant; dayBefore: (days: number) => Day },
): PlannedTouch {
  const dueAt = place.at(touch.daysBefore);
  return {
    key: touch.key,
    stage,
    template: touch.template,
    channels: touch.channels,
    dueAt,
    latestAt: dueAt + toleratedDays(touch.late) * dayMs,
    dueOn: place.dayBefore(touch.daysBefore),
  };
}

/** `skip` still tolerates one day between the planned instant and a busy or restarted machine getting to it. */
function toleratedDays(late: LatePolicy): number {
  switch (late.kind) {
    case 'skip':
      return 1;
    case 'send-if-within':
      return Math.max(1, late.days);
  }
}

/** The stage that the calendar says, or none before the first one opens. */
export function stageAt(plan: Pick<CasePlan, 'stages'>, now: Instant): PlannedStage | undefined {
  return plan.stages.findLast((stage) => stage.opensAt <= now);
}

/** The stage after the given one (the first one after none). */
export function stageAfter(plan: Pick<CasePlan, 'stages'>, stage: Stage | undefined): PlannedStage | undefined {
  return plan.stages[stage === undefined ? 0 : stages.indexOf(stage) + 1];
}

/** The same plan with every instant moved by a mapping, e.g. from business to wall time. */
export function mapInstants(plan: CasePlan, map: (instant: Instant) => Instant): CasePlan {
  return {
    ...plan,
    stages: plan.stages.map((stage) => ({ ...stage, opensAt: map(stage.opensAt), endsAt: map(stage.endsAt) })),
    touches: plan.touches.map((touch) => ({ ...touch, dueAt: map(touch.dueAt), latestAt: map(touch.latestAt) })),
    bindOpensAt: map(plan.bindOpensAt),
    closesAt: map(plan.closesAt),
  };
}

/** A number of minutes in [0, spread) that depends on the key alone (FNV-1a). */
function spreadOffset(key: string, spreadMinutes: number): number {
  let hash = 0x811c9dc5;
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return spreadMinutes > 0 ? hash % spreadMinutes : 0;
}
