import { Temporal as Cal } from 'temporal-polyfill';
import { minuteMs, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import { openWorkingDays, type WorkingDays } from './working-days.ts';

/**
 * The calendar of a business zone: its offsets from the zone's own rules, and its working days, which are the published ones
 * unless others are handed in.
 */
export function businessCalendar(zone: string, workingDays: WorkingDays = openWorkingDays()): Calendar {
  const shown = rememberingMinutes(zone);
  return {
    zone,
    instantOf: remembering((day, minuteOfDay) => instantOf(zone, day, minuteOfDay)),
    dayOf: (instant) => shown(instant).day,
    minuteOfDay: (instant) => shown(instant).minuteOfDay,
    isWorkday: workingDays.isWorkday,
    inZone: rememberingZones(zone, workingDays),
  };
}

/** Customers live in few zones, and each is asked about for every message. */
function rememberingZones(own: string, workingDays: WorkingDays): Calendar['inZone'] {
  const known = new Map<string, Calendar>();
  return (zone) => {
    const calendar = known.get(zone) ?? businessCalendar(zone, workingDays);
    if (zone !== own) known.set(zone, calendar);
    return calendar;
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

type Shown = { day: Day; minuteOfDay: number };

/** What the clocks show: all that is decided within one minute asks about that minute, again and again. */
function rememberingMinutes(zone: string): (instant: Instant) => Shown {
  const known = new Map<number, Shown>();
  return (instant) => {
    const minute = Math.floor(instant / minuteMs);
    const before = known.get(minute);
    if (before) return before;
    if (known.size >= remembered) known.clear();
    const shown = shownAt(zone, minute * minuteMs);
    known.set(minute, shown);
    return shown;
  };
}

function shownAt(zone: string, instant: Instant): Shown {
  const zoned = Cal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return { day: zoned.toPlainDate().toString(), minuteOfDay: zoned.hour * 60 + zoned.minute };
}

/** Minutes are wall-clock minutes: 540 is 09:00 on a day of 23 or 25 hours as well. */
function instantOf(zone: string, day: Day, minuteOfDay: number): Instant {
  const time = { hour: Math.floor(minuteOfDay / 60) % 24, minute: minuteOfDay % 60 };
  return Cal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: Cal.PlainTime.from(time) })
    .epochMilliseconds;
}
