import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import type { Calendar } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import { lockCasesWhere, lockFleet } from './case-locks.ts';
import { journalise } from '../journal/journal-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { fleets } from '../schema/fleets.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { movedBy, movedColumns, movedEntries } from '../tasks/moved-tasks.ts';

/** Names who negotiates for a fleet: what its agents do once for all vehicles is theirs from now on. The same again changes nothing. */
export async function nameNegotiator(
  tx: Db,
  { fleetId, staffId, by }: { fleetId: string; staffId: string; by: string },
  calendar: Calendar,
): Promise<void> {
  const cases = await lockCasesWhere(tx, and(eq(renewals.fleetId, fleetId), isNull(renewals.outcome)));
  await lockFleet(tx, fleetId);
  const [fleet] = await tx.select().from(fleets).where(eq(fleets.id, fleetId));
  if (!fleet || fleet.negotiatorId === staffId) return;
  await tx.update(fleets).set({ negotiatorId: staffId }).where(eq(fleets.id, fleetId));
  const rule = 'negotiator';
  const rows = await tx
    .update(tasks)
    .set({ assigneeId: staffId, assignedBecause: rule, claimedAt: null })
    .where(and(eq(tasks.fleetId, fleetId), eq(tasks.state, 'open'), eq(tasks.role, 'agent')))
    .returning(movedColumns);
  const { now } = await readClock(tx);
  const inputs = { fleetId, negotiatorId: staffId, before: fleet.negotiatorId };
  const entry = { actor: by, event: 'negotiator-named', reason: 'fleet', inputs };
  const moved = movedEntries(movedBy(rule, rows, { fleetId, by }), { calendar, now });
  await journalise(tx, [...cases.map((chain) => ({ ...entry, chain })), ...moved]);
}

/** Which of these results are recorded already, by the case that they are of. */
export async function recordedCases(db: Db, resultIds: readonly string[]): Promise<string[]> {
  if (resultIds.length === 0) return [];
  const rows = await db
    .select({ renewalId: contactResults.renewalId })
    .from(contactResults)
    .where(inArray(contactResults.id, [...resultIds]));
  return rows.map((row) => row.renewalId);
}

/** Every case of a fleet, whoever sees it. */
export async function fleetCases(db: Db, fleetId: string): Promise<string[]> {
  const rows = await db.select({ id: renewals.id }).from(renewals).where(eq(renewals.fleetId, fleetId));
  return rows.map((row) => row.id);
}
