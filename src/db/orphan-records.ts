import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { addWorkdays, type Calendar, type Day } from '../renewal/calendar.ts';
import { readClock } from './business-clock.ts';
import type { Db } from './connection.ts';
import { journalise } from './journal-records.ts';
import { onlyRow } from './only-row.ts';
import { readPublishedPlan } from './plan-records.ts';
import { handoverItems, handovers } from './schema/handovers.ts';
import { staff, teams } from './schema/organisation.ts';
import { renewals } from './schema/renewals.ts';
import { tasks } from './schema/tasks.ts';

type HandoverRow = typeof handovers.$inferSelect;

/** Enters the day somebody leaves and answers the day that holds: whoever has left by today is not brought back. */
export async function markDeparted(
  db: Db,
  { staffId, effectiveOn }: { staffId: string; effectiveOn: Day },
  today: Day,
): Promise<Day> {
  const [marked] = await db
    .update(staff)
    .set({
      departedOn: sql`case when ${staff.departedOn} <= ${today}::date
        then least(${staff.departedOn}, ${effectiveOn}::date) else ${effectiveOn}::date end`,
    })
    .where(eq(staff.id, staffId))
    .returning({ departedOn: staff.departedOn });
  return marked?.departedOn ?? effectiveOn;
}

/** Agents who have left by a day and still own open cases. */
export async function departedOwners(db: Db, today: Day): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: staff.id })
    .from(staff)
    .innerJoin(renewals, and(eq(renewals.ownerId, staff.id), isNull(renewals.outcome)))
    .where(lte(staff.departedOn, today));
  return rows.map((row) => row.id);
}

/**
 * Orphans every open case of an agent at once and gives the supervisor the one hand-over task for the whole list
 * (business.md, Orphans). Answers the open hand-over, or undefined when the agent owned nothing and none is open.
 */
export async function orphanCasesOf(tx: Db, agentId: string, calendar: Calendar): Promise<HandoverRow | undefined> {
  const orphaned = await tx
    .update(renewals)
    .set({ ownerId: null, orphanedAt: sql`business_now()` })
    .where(and(eq(renewals.ownerId, agentId), isNull(renewals.outcome)))
    .returning({ id: renewals.id });
  const known = await openHandoverOf(tx, agentId);
  if (orphaned.length === 0) return known;
  const handover = known ? await askAgain(tx, known, calendar) : await openHandover(tx, agentId, calendar);
  const ids = orphaned.map((row) => row.id);
  await tx
    .insert(handoverItems)
    .values(ids.map((renewalId) => ({ handoverId: handover.id, renewalId, state: 'undecided' })))
    .onConflictDoUpdate({
      target: [handoverItems.handoverId, handoverItems.renewalId],
      set: { state: 'undecided', ownerId: null, notifiedAt: null, decidedAt: sql`business_now()` },
    });
  await tx
    .update(tasks)
    .set({ assigneeId: null })
    .where(and(inArray(tasks.renewalId, ids), eq(tasks.state, 'open'), eq(tasks.role, 'agent')));
  await journalise(
    tx,
    ids.map((chain) => ({
      chain,
      actor: 'system',
      event: 'orphaned',
      reason: 'agent-left',
      inputs: { agentId, handoverId: handover.id },
    })),
  );
  return handover;
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
