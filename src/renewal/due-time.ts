import { addWorkdays, dayMs, type Calendar, type Instant } from './calendar.ts';
import { iso } from './explanation.ts';
import type { TaskKind } from './task.ts';

/** Working days that somebody has for a task; it is due when that day's work ends, or at the minute at which it was given. */
type TimeToDo = { workdays: number; at: 'end-of-day' | 'same-minute' };

const endOfDay = (workdays: number): TimeToDo => ({ workdays, at: 'end-of-day' });
const sameMinute = (workdays: number): TimeToDo => ({ workdays, at: 'same-minute' });

/** The minute of a working day at which its work ends. */
const workEndsAtMinute = 18 * 60;

const timeToDo: Record<TaskKind, TimeToDo> = {
  'file-check': endOfDay(2),
  'indicative-quote': endOfDay(3),
  'accept-entry': endOfDay(5),
  'first-contact': endOfDay(5),
  'firm-quote': endOfDay(3),
  'phone-attempt': endOfDay(1),
  'key-client-visit': endOfDay(5),
  'second-visit': endOfDay(3),
  'last-offer': endOfDay(2),
  'call-back': sameMinute(1),
  coaching: endOfDay(2),
  'accept-reminder': endOfDay(2),
  'do-not-contact-review': endOfDay(3),
  'call-centre-case': endOfDay(2),
  'second-round': sameMinute(3),
  'hand-over': sameMinute(2),
  'concession-decision': sameMinute(1),
  'call-back-check': endOfDay(5),
  'renewal-check': endOfDay(2),
  'read-reply': endOfDay(1),
};

/** From when and until when a task can be done; `workdays` is what a stage plan says instead of the kind's own number. */
type WorkSpan = { from: Instant; latest: Instant; workdays?: number | undefined };

/**
 * What a due time was counted from, enough to count it again: working days of the calendar, whole days of 24 hours, or
 * nothing where a task has all the time until `latest`. Instants are business milliseconds, `latest` may be infinite.
 */
export type CountedTime =
  | (TimeToDo & { from: Instant; latest: Instant })
  | { from: Instant; days: number; latest: Instant }
  | { latest: Instant };

/** When a task is due (business milliseconds), and how that was counted. */
export type Due = { dueAt: Instant; counted: CountedTime };

/**
 * When a task is due: so many working days of the calendar after the instant from which it can be done, and never after
 * `latest`, the end of its stage or of its case. Instants are business milliseconds. The numbers of days are ours.
 */
export function countDue(kind: TaskKind, { from, latest, workdays }: WorkSpan, calendar: Calendar): Due {
  const { at, workdays: own } = timeToDo[kind];
  return dueAfterWorkdays({ from, latest, workdays: workdays ?? own, at }, calendar);
}

/** So many working days after an instant, at the minute of it or when work ends, and never after `latest`. */
export function dueAfterWorkdays(counted: TimeToDo & { from: Instant; latest: Instant }, calendar: Calendar): Due {
  const { from, latest, workdays, at } = counted;
  const day = addWorkdays(calendar, calendar.dayOf(from), workdays);
  const minute = at === 'end-of-day' ? workEndsAtMinute : calendar.minuteOfDay(from);
  return { dueAt: Math.min(calendar.instantOf(day, minute), latest), counted };
}

/** So many days of 24 hours after an instant, working days or not, and never after `latest`. */
export function dueAfterDays(counted: { from: Instant; days: number; latest: Instant }): Due {
  return { dueAt: Math.min(counted.from + counted.days * dayMs, counted.latest), counted };
}

/**
 * When a task is due that is given at an instant: by the time counted from its planned start, or, where that was over
 * before anybody had the task, from the moment at which it is given. Business milliseconds.
 */
export function dueTimeOnceGiven(kind: TaskKind, span: WorkSpan & { givenAt: Instant }, calendar: Calendar): Instant {
  return countDueOnceGiven(kind, span, calendar).dueAt;
}

/** The same with what it was counted from. */
export function countDueOnceGiven(kind: TaskKind, span: WorkSpan & { givenAt: Instant }, calendar: Calendar): Due {
  const planned = countDue(kind, span, calendar);
  if (planned.dueAt > span.givenAt) return planned;
  const latest = span.latest > span.givenAt ? span.latest : Infinity;
  return countDue(kind, { ...span, from: span.givenAt, latest }, calendar);
}

/** What a due time was counted from as a journal entry keeps it: ISO instants, null where nothing limits it. */
export function tellCounted(counted: CountedTime | undefined): Record<string, unknown> | null {
  if (!counted) return null;
  const latest = counted.latest === Infinity ? null : iso(counted.latest);
  return 'from' in counted ? { ...counted, from: iso(counted.from), latest } : { latest };
}
