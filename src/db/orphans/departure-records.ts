import { and, eq, min } from 'drizzle-orm';
import { addDays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { journal } from '../schema/journal.ts';
import { staff } from '../schema/organisation.ts';

/** The day from which somebody has left, as it now stands: null when they stay after all. */
export type Departure = { departedOn: Day | null };

/**
 * Enters the day somebody leaves, or takes it back with null. Whoever has left by today is not brought back by it: of two
 * days the earlier holds.
 */
export async function recordDepartureDay(
  tx: Db,
  { staffId, effectiveOn, by }: { staffId: string; effectiveOn: Day | null; by: string },
  today: Day,
): Promise<Departure> {
  const [person] = await tx
    .select({ departedOn: staff.departedOn })
    .from(staff)
    .where(eq(staff.id, staffId))
    .for('no key update');
  const before = person?.departedOn ?? null;
  const departedOn = dayThatHolds(before, { effectiveOn, today });
  if (departedOn === before) return { departedOn };
  await tx.update(staff).set({ departedOn }).where(eq(staff.id, staffId));
  const event = departedOn === null ? 'departure-withdrawn' : 'departure-recorded';
  const inputs = { before, effectiveOn: departedOn };
  await journalise(tx, [{ chain: `staff.${staffId}`, actor: by, event, reason: 'reported', inputs }]);
  return { departedOn };
}

export type Leaving = { staffId: string; day: Day };

/** How many days back somebody may be said to have left: longer ago it would have been noticed. */
const longestBackDays = 31;

/**
 * Whether a day is too long ago to be somebody's last but now: more than 31 days back, or before an admin entered them
 * (who comes with a list may have left before the list came). A day that is stored already may be said again.
 */
export async function isTooLongAgo(db: Db, { staffId, day }: Leaving, calendar: Calendar): Promise<boolean> {
  const today = calendar.dayOf((await readClock(db)).now);
  const [stored] = await db.select({ departedOn: staff.departedOn }).from(staff).where(eq(staff.id, staffId));
  if (stored?.departedOn === day) return false;
  const entry = and(eq(journal.chain, `staff.${staffId}`), eq(journal.event, 'staff-entered'));
  const [entered] = await db
    .select({ at: min(journal.at) })
    .from(journal)
    .where(entry);
  const enteredOn = entered?.at ? calendar.dayOf(entered.at.getTime()) : day;
  return day < addDays(today, -longestBackDays) || day < enteredOn;
}

function dayThatHolds(before: Day | null, asked: { effectiveOn: Day | null; today: Day }): Day | null {
  const { effectiveOn, today } = asked;
  if (before === null || before > today) return effectiveOn;
  return effectiveOn !== null && effectiveOn < before ? effectiveOn : before;
}
