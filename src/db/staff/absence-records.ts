import { and, eq, gte, lte, sql } from 'drizzle-orm';
import { addDays, type Day } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { onlyRow } from '../only-row.ts';
import { absences, staff } from '../schema/organisation.ts';
import { journaliseUpkeep, wasDoneBy, type Change } from './upkeep.ts';

export type AbsenceRow = typeof absences.$inferSelect;

/** Leave from one day to another, both included. */
export type AbsenceToRecord = { staffId: string; fromOn: Day; toOn: Day; reason: string | null };

export type AbsenceAnswer =
  | { kind: 'done'; absence: AbsenceRow }
  | { kind: 'unknown' }
  | { kind: 'over' }
  | { kind: 'has-left' }
  | { kind: 'overlaps'; with: Pick<AbsenceRow, 'fromOn' | 'toOn'> };

/** Records leave that has not ended and overlaps no other; the id of the request becomes the id of the absence. */
export async function recordAbsence(
  tx: Db,
  { staffId, today, ...days }: AbsenceToRecord & { today: Day },
  change: Change,
): Promise<AbsenceAnswer> {
  const [person] = await tx.select().from(staff).where(eq(staff.id, staffId)).for('no key update');
  if (!person) return { kind: 'unknown' };
  const [own] = await absenceRows(tx, { staffId, id: change.requestId });
  if (own) return { kind: 'done', absence: own };
  if (days.toOn < today) return { kind: 'over' };
  if (person.departedOn !== null && person.departedOn <= days.toOn) return { kind: 'has-left' };
  const [other] = await tx
    .select({ fromOn: absences.fromOn, toOn: absences.toOn })
    .from(absences)
    .where(and(eq(absences.staffId, staffId), lte(absences.fromOn, days.toOn), gte(absences.toOn, days.fromOn)))
    .limit(1);
  if (other) return { kind: 'overlaps', with: other };
  const row = { id: change.requestId, staffId, ...days, recordedBy: change.by, recordedAt: sql`business_now()` };
  const absence = onlyRow(await tx.insert(absences).values(row).returning());
  const inputs = { absenceId: absence.id, fromOn: days.fromOn, toOn: days.toOn };
  await journaliseUpkeep(tx, { chain: `staff.${staffId}`, event: 'absence-recorded', inputs }, change);
  return { kind: 'done', absence };
}

/** `left` is what remains of the leave: nothing when it had not begun. */
export type WithdrawalAnswer = { kind: 'withdrawn'; left: AbsenceRow | null } | { kind: 'unknown' } | { kind: 'over' };

/** Somebody is back from today: leave that began ends yesterday, leave to come is taken away. */
export async function withdrawAbsence(
  tx: Db,
  { staffId, id, today }: { staffId: string; id: string; today: Day },
  change: Change,
): Promise<WithdrawalAnswer> {
  const withdrawn = { chain: `staff.${staffId}`, event: 'absence-withdrawn' };
  const [absence] = await absenceRows(tx, { staffId, id });
  if (await wasDoneBy(tx, withdrawn, change)) return { kind: 'withdrawn', left: absence ?? null };
  if (!absence) return { kind: 'unknown' };
  if (absence.toOn < today) return { kind: 'over' };
  const left = absence.fromOn < today ? { ...absence, toOn: addDays(today, -1) } : null;
  const isThis = eq(absences.id, id);
  if (left) await tx.update(absences).set({ toOn: left.toOn }).where(isThis);
  else await tx.delete(absences).where(isThis);
  const inputs = { absenceId: id, fromOn: absence.fromOn, toOn: absence.toOn, endedOn: left?.toOn ?? null };
  await journaliseUpkeep(tx, { ...withdrawn, inputs }, change);
  return { kind: 'withdrawn', left };
}

function absenceRows(tx: Db, { staffId, id }: { staffId: string; id: string }): Promise<AbsenceRow[]> {
  return tx
    .select()
    .from(absences)
    .where(and(eq(absences.id, id), eq(absences.staffId, staffId)))
    .for('update')
    .execute();
}
