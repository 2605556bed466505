/** A calendar day, `YYYY-MM-DD`, without a zone. */
export type Day = string;

/** Milliseconds since the epoch. */
export type Instant = number;

/** What the pure rules need to know of a business zone: its offsets and its working days. */
export type Calendar = {
  zone: string;
  /** The instant at which the zone's clocks show this minute of this day. */
  instantOf: (day: Day, minuteOfDay: number) => Instant;
  dayOf: (instant: Instant) => Day;
  minuteOfDay: (instant: Instant) => number;
  isWorkday: (day: Day) => boolean;
  /** The same working days by the clocks of another zone; always the same calendar for the same zone. */
  inZone: (zone: string) => Calendar;
};

export const dayMs = 86_400_000;
export const minuteMs = 60_000;

/** The day so many calendar days later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  const [year, month, dayOfMonth] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))];
  // Planning a book asks millions of times; reading and writing whole ISO texts takes four times as long.
  const moved = new Date(Date.UTC(year, month - 1, dayOfMonth + days));
  const padded = (part: number): string => (part < 10 ? `0${part}` : `${part}`);
  return `${moved.getUTCFullYear()}-${padded(moved.getUTCMonth() + 1)}-${padded(moved.getUTCDate())}`;
}

/** How many calendar days lie from one day to another; negative when the second comes first. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((epochOf(to) - epochOf(from)) / dayMs);
}

/** The working day so many working days after the given day. */
export function addWorkdays(calendar: Calendar, day: Day, workdays: number): Day {
  let reached = day;
  for (let left = workdays; left > 0;) {
    reached = addDays(reached, 1);
    if (calendar.isWorkday(reached)) left -= 1;
  }
  return reached;
}

/**
 * The instant at which a window of a day ends that lasts until a minute: 24:00 is the next day's first minute, and a minute
 * that the clocks leave out comes when they jump.
 */
export function windowEndsAt(calendar: Calendar, day: Day, toMinute: number): Instant {
  if (toMinute >= dayMs / minuteMs) return calendar.instantOf(addDays(day, 1), 0);
  let end = calendar.instantOf(day, toMinute);
  while (calendar.minuteOfDay(end - minuteMs) >= toMinute) end -= minuteMs;
  return end;
}

/** Whether a day has 24 hours: no clock changes on it. */
export function hasPlainHours(calendar: Calendar, day: Day): boolean {
  return calendar.instantOf(addDays(day, 1), 0) - calendar.instantOf(day, 0) === dayMs;
}

/**
 * Whether a calendar knows of a year more than its weeks: some Monday to Friday off, or some weekend worked. Of a year
 * whose holidays are not published yet it does not.
 */
export function knowsHolidaysOf(isWorkday: Calendar['isWorkday'], year: number): boolean {
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1)) {
    const weekday = new Date(epochOf(day)).getUTCDay();
    if (isWorkday(day) !== (weekday !== 0 && weekday !== 6)) return true;
  }
  return false;
}

function epochOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}
