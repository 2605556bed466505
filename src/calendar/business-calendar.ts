import chineseDays from 'chinese-days';
import { Temporal as Cal } from 'temporal-polyfill';
import type { Calendar, Day, Instant } from '../renewal/calendar.ts';

/**
 * The calendar of a business zone: its offsets from the zone's own rules, working days from China's published holidays
 * and make-up days. Years that the list does not cover yet fall back to Monday to Friday.
 */
export function businessCalendar(zone: string): Calendar {
  const zoned = (instant: Instant) => Cal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return {
    zone,
    instantOf: remembering((day, minuteOfDay) => instantOf(zone, day, minuteOfDay)),
    dayOf: (instant) => zoned(instant).toPlainDate().toString(),
    minuteOfDay: (instant) => zoned(instant).hour * 60 + zoned(instant).minute,
    // oxlint-disable-next-line import/no-named-as-default-member -- node sees no named exports in this minified CommonJS
    isWorkday: (day) => chineseDays.isWorkday(day),
  };
}

const remembered = 20_000;

/** The cases of a season share a few hundred days, and zone arithmetic is the dearest part of planning one. */
function remembering(compute: Calendar['instantOf']): Calendar['instantOf'] {
  const known = new Map<string, Instant>();
  return (day, minuteOfDay) => {
    const key = `${day}/${minuteOfDay}`;
    const instant = known.get(key) ?? compute(day, minuteOfDay);
    if (known.size < remembered) known.set(key, instant);
    return instant;
  };
}

/** Minutes are wall-clock minutes: 540 is 09:00 on a day of 23 or 25 hours as well. */
function instantOf(zone: string, day: Day, minuteOfDay: number): Instant {
  const time = { hour: Math.floor(minuteOfDay / 60) % 24, minute: minuteOfDay % 60 };
  return Cal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: Cal.PlainTime.from(time) })
    .epochMilliseconds;
}
