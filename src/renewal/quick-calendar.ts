import { addDays, dayMs, daysBetween, minuteMs, type Calendar, type Day, type Instant } from './calendar.ts';

/**
 * The same calendar with the days of a span laid out beforehand: the days of millions of instants are asked for, and zone
 * arithmetic is the dearest part of looking at a whole book. Outside the span the calendar itself is asked.
 */
export function quickCalendar(calendar: Calendar, from: Day, to: Day): Calendar {
  const days = Array.from({ length: daysBetween(from, to) + 2 }, (_, turn) => addDays(from, turn));
  const starts = days.map((day) => calendar.instantOf(day, 0));
  const first = starts[0] ?? 0;
  const last = starts.at(-1) ?? 0;
  const workdays = new Map<Day, boolean>();
  const placeOf = (instant: Instant): number => {
    let place = Math.min(days.length - 1, Math.floor((instant - first) / dayMs));
    while (place > 0 && (starts[place] ?? 0) > instant) place -= 1;
    while ((starts[place + 1] ?? Infinity) <= instant) place += 1;
    return place;
  };
  const isLaidOut = (instant: Instant): boolean => instant >= first && instant < last;
  return {
    ...calendar,
    dayOf: (instant) => (isLaidOut(instant) ? (days[placeOf(instant)] ?? '') : calendar.dayOf(instant)),
    minuteOfDay: (instant) => {
      if (!isLaidOut(instant)) return calendar.minuteOfDay(instant);
      const place = placeOf(instant);
      const [start = 0, end = 0] = starts.slice(place, place + 2);
      // On a day of 23 or 25 hours the clock does not show what has passed of it.
      return end - start === dayMs ? Math.floor((instant - start) / minuteMs) : calendar.minuteOfDay(instant);
    },
    isWorkday: (day) => {
      const known = workdays.get(day) ?? calendar.isWorkday(day);
      workdays.set(day, known);
      return known;
    },
  };
}
