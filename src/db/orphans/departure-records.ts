import { eq } from 'drizzle-orm';
import type { Day } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
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

function dayThatHolds(before: Day | null, asked: { effectiveOn: Day | null; today: Day }): Day | null {
  const { effectiveOn, today } = asked;
  if (before === null || before > today) return effectiveOn;
  return effectiveOn !== null && effectiveOn < before ? effectiveOn : before;
}
