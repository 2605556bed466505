import { Temporal as Cal } from 'temporal-polyfill';
import { anchorClock, lastSeenBusinessTime, readClock, rememberBusinessTime } from '../db/business-clock.ts';
import { connectDatabase } from '../db/connection.ts';

export type BusinessDay = { zone: string; today?: string; dayMs?: number; isNew: boolean };

const realDayMs = 24 * 3_600_000;

/** Starts the business clock of a new data folder; an existing one goes on where it was, at most with another speed. */
export async function setBusinessClock(ownerUrl: string, day: BusinessDay): Promise<void> {
  const connection = connectDatabase(ownerUrl, { connections: 1 });
  try {
    const clock = await readClock(connection.db);
    const speed = realDayMs / (day.dayMs ?? realDayMs);
    const seenAt = clock.speed === 1 ? undefined : await lastSeenBusinessTime(connection.db);
    const businessAt = day.isNew && day.today ? startOf(day.today, day) : (seenAt ?? clock.now);
    const goesOn = speed === clock.speed && seenAt === undefined && !(day.isNew && day.today);
    if (!goesOn) await anchorClock(connection.db, { businessAt, speed });
  } finally {
    await connection.close();
  }
}

const rememberEveryMs = 2_000;

/** While a shortened day runs, keeps in mind where it stands: hours in which the stack is down are no years of business. */
export function keepBusinessTime(ownerUrl: string): { stop: () => Promise<void> } {
  const connection = connectDatabase(ownerUrl, { connections: 1 });
  const remember = (): Promise<void> => rememberBusinessTime(connection.db).catch(() => {});
  const timer = setInterval(() => void remember(), rememberEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await remember();
      await connection.close();
    },
  };
}

/** The date on which business stands in the zone (`YYYY-MM-DD`). */
export async function businessToday(ownerUrl: string, zone: string): Promise<string> {
  const connection = connectDatabase(ownerUrl, { connections: 1 });
  try {
    const { now } = await readClock(connection.db);
    return Cal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(zone).toPlainDate().toString();
  } finally {
    await connection.close();
  }
}

// A day of real length goes on from the time it is now; a shortened one begins at midnight.
function startOf(today: string, { zone, dayMs = realDayMs }: BusinessDay): number {
  const plainTime = dayMs === realDayMs ? Cal.Now.plainTimeISO(zone) : '00:00';
  return Cal.PlainDate.from(today).toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}
