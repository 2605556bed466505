import chineseDays from 'chinese-days';
import { knowsHolidaysOf, type Calendar, type Day } from '../renewal/calendar.ts';
import type { CalendarDays } from '../renewal/settings.ts';

/** Which days are worked: China's published holidays and make-up days, and the days that the house set beside them. */
export type WorkingDays = {
  isWorkday: Calendar['isWorkday'];
  /** From now on the house's days are these. */
  follow: (days: CalendarDays) => void;
};

// oxlint-disable-next-line import/no-named-as-default-member -- node sees no named exports in this minified CommonJS
const askPublished = (day: Day): boolean => chineseDays.isWorkday(day);
const published = new Map<Day, boolean>();
const mostRemembered = 20_000;

/** What is published does not change while we run, and each decision asks about its day. */
function isPublishedWorkday(day: Day): boolean {
  const known = published.get(day) ?? askPublished(day);
  if (published.size < mostRemembered) published.set(day, known);
  return known;
}

/** What the log says of such a year. */
export const unknownYear =
  'no holidays of this year are known: its Mondays to Fridays count as worked; enter them in the setting calendar';

/**
 * Working days without any of the house's own yet. `onUnknownYear` hears once of each year that is asked about and of
 * which neither the published list nor the house names a holiday: its Mondays to Fridays count as worked.
 */
export function openWorkingDays(onUnknownYear: (year: number) => void = () => {}): WorkingDays {
  let own = new Map<Day, boolean>();
  const looked = new Set<number>();
  const isWorkday = (day: Day): boolean => own.get(day) ?? isPublishedWorkday(day);
  const look = (year: number): void => {
    if (looked.has(year)) return;
    looked.add(year);
    if (!knowsHolidaysOf(isWorkday, year)) onUnknownYear(year);
  };
  return {
    isWorkday: (day) => {
      look(Number(day.slice(0, 4)));
      return isWorkday(day);
    },
    follow: ({ holidays, workdays }) => {
      own = new Map([
        ...holidays.map(({ day }) => [day, false] as const),
        ...workdays.map(({ day }) => [day, true] as const),
      ]);
    },
  };
}
