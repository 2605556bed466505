import { addDays, type Calendar, type Day, type Instant } from './calendar.ts';
import type { DecisionRule } from './decision-rules.ts';

/** What the business calendar showed at a decision; `workdays` are the working days counted for its deadline. */
type CalendarSeen = {
  zone: string;
  day: Day;
  isWorkday: boolean;
  minuteOfDay: number;
  workdays?: readonly Day[];
};

/**
 * Why a case sent, skipped, held, assigned or escalated, as its journal entry keeps it: enough to take the decision again.
 * `facts` are codes, numbers, booleans and ISO instants; never personal data or free text.
 */
export type Explained = {
  rule: DecisionRule;
  /** Null for what belongs to no case. */
  planVersion: number | null;
  facts: Readonly<Record<string, unknown>>;
  calendar: CalendarSeen;
};

/** When and by which plan a decision is made; `now` is a business instant (ms). */
export type Deciding = { planVersion: number | null; calendar: Calendar; now: Instant };

/** The explanation of a decision from what it rests on (promises.md, Journal). */
export function explain(
  rule: DecisionRule,
  facts: Record<string, unknown>,
  { planVersion, calendar, now }: Deciding,
): Explained {
  return { rule, planVersion, facts: { now: iso(now), ...facts }, calendar: calendarAt(calendar, now) };
}

/** The same with the working days that somebody has from the day on which they can begin to the day on which it is due. */
export function withDeadline(
  explained: Explained,
  { givenOn, dueOn }: { givenOn: Day; dueOn: Day },
  calendar: Calendar,
): Explained {
  return { ...explained, calendar: { ...explained.calendar, workdays: workdaysBetween(calendar, givenOn, dueOn) } };
}

function calendarAt(calendar: Calendar, at: Instant): CalendarSeen {
  const day = calendar.dayOf(at);
  return { zone: calendar.zone, day, isWorkday: calendar.isWorkday(day), minuteOfDay: calendar.minuteOfDay(at) };
}

function workdaysBetween(calendar: Calendar, given: Day, due: Day): Day[] {
  const counted: Day[] = [];
  for (let day = addDays(given, 1); day <= due; day = addDays(day, 1)) if (calendar.isWorkday(day)) counted.push(day);
  return counted;
}

/** A business instant (ms) as the journal writes it. */
export function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
