import { and, eq, exists, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { addWorkdays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { moveTasksOfAgent } from '../cases/owner-records.ts';
import { readPublishedPlan } from '../cases/plan-records.ts';
import { fleets } from '../schema/fleets.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';
import { staff, teams } from '../schema/organisation.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

type HandoverRow = typeof handovers.$inferSelect;

/** Agents who have left by a day and still own open cases or hold open tasks. */
export async function departedOwners(db: Db, today: Day): Promise<string[]> {
  const owns = db
    .select({ one: sql`1` })
    .from(renewals)
    .where(and(eq(renewals.ownerId, staff.id), isNull(renewals.outcome)));
  const holds = db
    .select({ one: sql`1` })
    .from(tasks)
    .where(and(eq(tasks.assigneeId, staff.id), eq(tasks.state, 'open')));
  const rows = await db
    .select({ id: staff.id })
    .from(staff)
    .where(and(lte(staff.departedOn, today), or(exists(owns), exists(holds))))
    .orderBy(staff.id);
  return rows.map((row) => row.id);
}

/**
 * Orphans every open case of an agent at once and gives the supervisor the one hand-over task for the whole list
 * (business.md, Orphans). Tasks that were theirs in other cases go back to their role's queue. Answers the open
 * hand-over, or undefined when the agent owned nothing and none is open.
 */
export async function orphanCasesOf(tx: Db, agentId: string, calendar: Calendar): Promise<HandoverRow | undefined> {
  const ids = await takeCasesOf(tx, agentId);
  await tx.update(fleets).set({ negotiatorId: null }).where(eq(fleets.negotiatorId, agentId));
  await moveTasksOfAgent(tx, ids, null);
  await tx
    .update(tasks)
    .set({ assigneeId: null, assignedBecause: 'assignee-left', claimedAt: null })
    .where(and(eq(tasks.assigneeId, agentId), eq(tasks.state, 'open')));
  const known = await openHandoverOf(tx, agentId);
  if (ids.length === 0) return known;
  const handover = known ? await askAgain(tx, known, calendar) : await openHandover(tx, agentId, calendar);
  await tx
    .insert(handoverItems)
    .values(ids.map((renewalId) => ({ handoverId: handover.id, renewalId, state: 'undecided' })))
    .onConflictDoUpdate({
      target: [handoverItems.handoverId, handoverItems.renewalId],
      set: { state: 'undecided', ownerId: null, notifiedAt: null, decidedAt: sql`business_now()` },
    });
  const entry = { actor: 'system', event: 'orphaned', reason: 'agent-left' };
  const inputs = { agentId, handoverId: handover.id };
  await journalise(
    tx,
    ids.map((chain) => ({ ...entry, chain, inputs })),
  );
  return handover;
}

/** In the order of their ids, like everybody who locks more than one case. */
async function takeCasesOf(tx: Db, agentId: string): Promise<string[]> {
  const owned = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(eq(renewals.ownerId, agentId), isNull(renewals.outcome)))
    .orderBy(renewals.id)
    .for('update');
  const ids = owned.map((row) => row.id);
  if (ids.length > 0) {
    const orphaned = { ownerId: null, orphanedAt: sql`business_now()` };
    await tx.update(renewals).set(orphaned).where(inArray(renewals.id, ids));
  }
  return ids;
}

/** A hand-over that gains cases gives its supervisor the full time for them, and a task if the last one is done. */
async function askAgain(tx: Db, handover: HandoverRow, calendar: Calendar): Promise<HandoverRow> {
  const dueAt = await decisionDueAt(tx, calendar);
  await tx.update(handovers).set({ dueAt }).where(eq(handovers.id, handover.id));
  await assignHandoverTask(tx, { ...handover, dueAt });
  return { ...handover, dueAt };
}

async function openHandoverOf(tx: Db, agentId: string): Promise<HandoverRow | undefined> {
  const [row] = await tx
    .select()
    .from(handovers)
    .where(and(eq(handovers.agentId, agentId), eq(handovers.state, 'open')))
    .for('update');
  return row;
}

async function openHandover(tx: Db, agentId: string, calendar: Calendar): Promise<HandoverRow> {
  const [agent] = await tx
    .select({ branchId: staff.branchId, teamId: staff.teamId, supervisorId: teams.supervisorId })
    .from(staff)
    .leftJoin(teams, eq(teams.id, staff.teamId))
    .where(eq(staff.id, agentId));
  const opened = await tx
    .insert(handovers)
    .values({
      id: uuidv7(),
      agentId,
      branchId: agent?.branchId ?? '',
      teamId: agent?.teamId ?? null,
      supervisorId: agent?.supervisorId ?? null,
      state: 'open',
      dueAt: await decisionDueAt(tx, calendar),
      openedAt: sql`business_now()`,
    })
    .returning();
  const handover = onlyRow(opened);
  await assignHandoverTask(tx, handover);
  return handover;
}

/** When a supervisor who is asked now has to have decided. */
export async function decisionDueAt(tx: Db, calendar: Calendar): Promise<Date> {
  const { plan } = await readPublishedPlan(tx);
  const { now } = await readClock(tx);
  return workdaysFrom(calendar, now, plan.handoverWorkdays);
}

/** The same time of day so many working days later. */
function workdaysFrom(calendar: Calendar, now: number, workdays: number): Date {
  const day = addWorkdays(calendar, calendar.dayOf(now), workdays);
  return new Date(calendar.instantOf(day, calendar.minuteOfDay(now)));
}

/** One hand-over task at a time: a new deadline moves the open one, or brings a new one once the last is done. */
export async function assignHandoverTask(tx: Db, handover: HandoverRow): Promise<void> {
  const moved = await tx
    .update(tasks)
    .set({ dueAt: handover.dueAt })
    .where(and(eq(tasks.handoverId, handover.id), eq(tasks.state, 'open')))
    .returning({ id: tasks.id });
  if (moved.length > 0) return;
  const given = await tx.$count(tasks, eq(tasks.handoverId, handover.id));
  await tx
    .insert(tasks)
    .values({
      id: uuidv7(),
      key: `${handover.id}/hand-over/${given + 1}`,
      kind: 'hand-over',
      handoverId: handover.id,
      branchId: handover.branchId,
      teamId: handover.teamId,
      assigneeId: handover.supervisorId,
      role: 'supervisor',
      state: 'open',
      priority: 100,
      dueAt: handover.dueAt,
      createdAt: sql`business_now()`,
    })
    .onConflictDoNothing();
}
