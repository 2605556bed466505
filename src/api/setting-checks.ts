import { readClock } from '../db/business-clock.ts';
import { readWindowsInForce } from '../db/cases/windows-in-force.ts';
import type { Db } from '../db/connection.ts';
import { addDays, knowsHolidaysOf, type Calendar, type Day } from '../renewal/calendar.ts';
import { leavesTimeToSend, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { CalendarDays, QuietHours } from '../renewal/settings.ts';
import { badFields } from './doors/problem.ts';

/** Quiet hours that leave a stage plan in force no time would let its messages wait until they expire. */
export async function requireTimeToSend(db: Db, quiet: QuietHours): Promise<void> {
  const silenced = (await readWindowsInForce(db)).filter(
    ({ window }) => !leavesTimeToSend(sendingWindowUnder(window, quiet)),
  );
  if (silenced.length === 0) return;
  const versions = silenced.map(({ version }) => version).join(', ');
  throw badFields([{ path: 'content', message: `Leaves no time to send within the stage plan in force: ${versions}` }]);
}

/** Deadlines of what is planned today lie within so many days: the horizon of 60, the grace and what follows from them. */
const looksAheadDays = 100;

type Stored = { name: string; content: unknown };

/** The calendar says of which years it knows no holidays although deadlines are about to fall into them. */
export async function withWarnings<Setting extends Stored>(db: Db, calendar: Calendar, stored: Setting) {
  if (stored.name !== 'calendar') return stored;
  const today = calendar.dayOf((await readClock(db)).now);
  const { holidays, workdays } = stored.content as CalendarDays;
  const own = new Set([...holidays, ...workdays].map(({ day }) => yearOf(day)));
  const needed = new Set([yearOf(today), yearOf(addDays(today, looksAheadDays))]);
  const unknown = [...needed].filter((year) => !own.has(year) && !knowsHolidaysOf(calendar.isWorkday, year));
  return { ...stored, warnings: unknown.map((year) => `${year}: ${warning}`) };
}

const warning = 'no holidays are known, so its Mondays to Fridays count as worked';

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
