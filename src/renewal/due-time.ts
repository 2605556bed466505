import { addWorkdays, type Calendar, type Instant } from './calendar.ts';
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
};

/** From when and until when a task can be done; `workdays` is what a stage plan says instead of the kind's own number. */
type WorkSpan = { from: Instant; latest: Instant; workdays?: number | undefined };

/**
 * When a task is due: so many working days of the calendar after the instant from which it can be done, and never after
 * `latest`, the end of its stage or of its case. Instants are business milliseconds. The numbers of days are ours.
 */
export function dueTime(kind: TaskKind, span: WorkSpan, calendar: Calendar): Instant {
  const { workdays, at } = timeToDo[kind];
  const day = addWorkdays(calendar, calendar.dayOf(span.from), span.workdays ?? workdays);
  const minute = at === 'end-of-day' ? workEndsAtMinute : calendar.minuteOfDay(span.from);
  return Math.min(calendar.instantOf(day, minute), span.latest);
}

/**
 * When a task is due that is given at an instant: by the time counted from its planned start, or, where that was over
 * before anybody had the task, from the moment at which it is given. Business milliseconds.
 */
export function dueTimeOnceGiven(kind: TaskKind, span: WorkSpan & { givenAt: Instant }, calendar: Calendar): Instant {
  const planned = dueTime(kind, span, calendar);
  if (planned > span.givenAt) return planned;
  const latest = span.latest > span.givenAt ? span.latest : Infinity;
  return dueTime(kind, { ...span, from: span.givenAt, latest }, calendar);
}
