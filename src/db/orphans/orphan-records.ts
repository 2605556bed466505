import { and, eq, exists, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Day } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { journalise, type JournalEntry } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { refreshNextActions } from '../cases/next-action-records.ts';
import { moveTasksOfAgent } from '../cases/owner-records.ts';
import type { HandoverRow } from './handover-records.ts';
import { assignHandoverTask, decisionTimeOf, type Asked } from './handover-task.ts';
import { weighHandoverTask } from './handover-weight.ts';
import { lockCasesWhere, lockFleetsWhere } from '../cases/case-locks.ts';
import { fleets } from '../schema/fleets.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';
import { staff, teams } from '../schema/organisation.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { movedBy, movedColumns, movedEntries } from '../tasks/moved-tasks.ts';

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
  const cases = await lockWorkOf(tx, agentId);
  await leaveFleets(tx, agentId);
  const [known, ...others] = await lockHandoversOf(tx, agentId);
  const ids = await takeCases(tx, agentId, cases);
  const { now } = await readClock(tx);
  const passed = movedEntries(await passWorkOn(tx, agentId, { own: ids, cases }), { calendar, now });
  for (const handover of others) await assignHandoverTask(tx, { handover }, calendar);
  if (ids.length === 0) {
    await journalise(tx, passed);
    return known;
  }
  const asked = known ? await askAgain(tx, known, calendar) : await openHandover(tx, agentId, calendar);
  await enterOrphans(tx, asked, { ids, passed });
  await refreshNextActions(tx, ids, calendar);
  return asked.handover;
}

/** What agents do in the cases that have no owner any more waits for the next one; the rest waits for its role. */
async function passWorkOn(tx: Db, agentId: string, { own, cases }: { own: string[]; cases: string[] }) {
  const waiting = await moveTasksOfAgent(tx, own, null);
  const rule = 'assignee-left';
  const held = await tx
    .update(tasks)
    .set({ assigneeId: null, assignedBecause: rule, claimedAt: null })
    .where(and(holdsTask(agentId), or(isNull(tasks.renewalId), inArray(tasks.renewalId, cases))))
    .returning(movedColumns);
  return [...waiting, ...movedBy(rule, held, { leftId: agentId })];
}

function holdsTask(agentId: string) {
  return and(eq(tasks.assigneeId, agentId), eq(tasks.state, 'open'));
}

function ownsCase(agentId: string) {
  return and(eq(renewals.ownerId, agentId), isNull(renewals.outcome));
}

/** Every case in which they have something to do; what comes to them later is found by the next look. */
function lockWorkOf(tx: Db, agentId: string): Promise<string[]> {
  const held = tx.select({ id: tasks.renewalId }).from(tasks).where(holdsTask(agentId));
  return lockCasesWhere(tx, or(ownsCase(agentId), inArray(renewals.id, held)));
}

async function leaveFleets(tx: Db, agentId: string): Promise<void> {
  const theirs = await lockFleetsWhere(tx, eq(fleets.negotiatorId, agentId));
  if (theirs.length > 0) await tx.update(fleets).set({ negotiatorId: null }).where(inArray(fleets.id, theirs));
}

/** The open hand-over of their own cases first, if there is one, then those on which they were to decide. */
async function lockHandoversOf(tx: Db, agentId: string): Promise<[HandoverRow | undefined, ...HandoverRow[]]> {
  const rows = await tx
    .select()
    .from(handovers)
    .where(and(eq(handovers.state, 'open'), or(eq(handovers.agentId, agentId), eq(handovers.supervisorId, agentId))))
    .orderBy(handovers.id)
    .for('update');
  const own = rows.find((row) => row.agentId === agentId);
  return [own, ...rows.filter((row) => row !== own)];
}

async function takeCases(tx: Db, agentId: string, locked: readonly string[]): Promise<string[]> {
  const taken = await tx
    .update(renewals)
    .set({ ownerId: null, orphanedAt: sql`business_now()` })
    .where(and(ownsCase(agentId), inArray(renewals.id, [...locked])))
    .returning({ id: renewals.id });
  return taken.map((row) => row.id).toSorted();
}

async function enterOrphans(
  tx: Db,
  { handover, taskId, deciderId }: Asked,
  { ids, passed }: { ids: readonly string[]; passed: readonly JournalEntry[] },
): Promise<void> {
  await tx
    .insert(handoverItems)
    .values(ids.map((renewalId) => ({ handoverId: handover.id, renewalId, state: 'undecided' })))
    .onConflictDoUpdate({
      target: [handoverItems.handoverId, handoverItems.renewalId],
      set: { state: 'undecided', ownerId: null, notifiedAt: null, decidedAt: sql`business_now()` },
    });
  const entry = { actor: 'system', event: 'orphaned', reason: 'agent-left' };
  const { agentId, id: handoverId, dueAt } = handover;
  const inputs = { agentId, handoverId, taskId, deciderId, dueAt };
  await journalise(tx, [...ids.map((chain) => ({ ...entry, chain, inputs })), ...passed]);
  await weighHandoverTask(tx, handover.id);
}

/** A hand-over that gains cases gives its supervisor the full time for them, and a task if the last one is done. */
async function askAgain(tx: Db, handover: HandoverRow, calendar: Calendar): Promise<Asked> {
  const time = await decisionTimeOf(tx, handover, calendar);
  const { dueAt } = time;
  await tx.update(handovers).set({ dueAt }).where(eq(handovers.id, handover.id));
  return assignHandoverTask(tx, { handover: { ...handover, dueAt }, time }, calendar);
}

async function openHandover(tx: Db, agentId: string, calendar: Calendar): Promise<Asked> {
  const [agent] = await tx
    .select({ branchId: staff.branchId, teamId: staff.teamId, supervisorId: teams.supervisorId })
    .from(staff)
    .leftJoin(teams, eq(teams.id, staff.teamId))
    .where(eq(staff.id, agentId));
  const branchId = agent?.branchId ?? '';
  const time = await decisionTimeOf(tx, { branchId }, calendar);
  const opened = await tx
    .insert(handovers)
    .values({
      id: uuidv7(),
      agentId,
      branchId,
      teamId: agent?.teamId ?? null,
      supervisorId: agent?.supervisorId ?? null,
      state: 'open',
      dueAt: time.dueAt,
      openedAt: sql`business_now()`,
    })
    .returning();
  return assignHandoverTask(tx, { handover: onlyRow(opened), time }, calendar);
}
