import type { CalendarDays } from '../renewal/settings.ts';
import type { WorkingDays } from './working-days.ts';

/** The setting is asked for so often (wall ms) that a change works within a minute. */
const lookEveryMs = 55_000;

type Following = {
  readDays: () => Promise<CalendarDays>;
  onFailure: (error: unknown) => void;
  everyMs?: number;
};

/**
 * Lets working days follow the setting: read once before anything is planned, and again and again after that. A reading that
 * fails leaves them as they were. Throws when the first one fails. The answer ends it.
 */
export async function followCalendarSetting(
  days: WorkingDays,
  { readDays, onFailure, everyMs = lookEveryMs }: Following,
): Promise<() => void> {
  days.follow(await readDays());
  const looking = setInterval(() => void readDays().then(days.follow, onFailure), everyMs);
  looking.unref();
  return () => clearInterval(looking);
}
