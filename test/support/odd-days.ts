import { addDays, daysBetween, hasPlainHours, type Calendar, type Day } from '../../src/renewal/calendar.ts';

export type OddDay = { calendar: Calendar; day: Day };

/** The days from 2020 to 2030 on which a zone's clocks change: those that have more or less than 24 hours. */
export function oddDaysOf(calendars: readonly Calendar[]): OddDay[] {
  const days = Array.from({ length: daysBetween('2020-01-01', '2031-01-01') }, (_, turn) =>
    addDays('2020-01-01', turn),
  );
  return calendars.flatMap((calendar) =>
    days.filter((day) => !hasPlainHours(calendar, day)).map((day) => ({ calendar, day })),
  );
}
