import { Temporal as Cal } from 'temporal-polyfill';
import { anchorClock, readClock } from '../db/business-clock.ts';
import { connectDatabase } from '../db/connection.ts';

export type BusinessDay = { zone: string; today?: string; dayMs?: number; isNew: boolean };

const realDayMs = 24 * 3_600_000;

/** Starts the business clock of a new data folder; an existing one goes on where it was, at most with another speed. */
export async function setBusinessClock(ownerUrl: string, day: BusinessDay): Promise<void> {
  const connection = connectDatabase(ownerUrl, { connections: 1 });
  try {
    const clock = await readClock(connection.db);
    const speed = realDayMs / (day.dayMs ?? realDayMs);
    const businessAt = day.isNew && day.today ? startOf(day.today, day) : clock.now;
    if ((day.isNew && day.today) || speed !== clock.speed) await anchorClock(connection.db, { businessAt, speed });
  } finally {
    await connection.close();
  }
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
