import { addDays, type Day } from '../renewal/calendar.ts';
import type { Period } from '../reporting/books.ts';

/** The days a report is about: as named, else those of the month of whichever day is named, of today when none is. */
export function periodOf({ from, to }: { from?: Day | undefined; to?: Day | undefined }, today: Day): Period {
  const first = `${(from ?? to ?? today).slice(0, 7)}-01`;
  const last = addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1);
  return { from: from ?? first, to: to ?? last };
}
