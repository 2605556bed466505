import { eq, sql } from 'drizzle-orm';
import { hindranceOf, type Hindrance } from '../../renewal/assignment.ts';
import type { Calendar, Day, Instant } from '../../renewal/calendar.ts';
import type { DecisionRule } from '../../renewal/decision-rules.ts';
import { explain, withDeadline } from '../../renewal/explanation.ts';
import { readClock } from '../business-clock.ts';
import { lockCase } from '../cases/case-locks.ts';
import { planVersionsOf } from '../cases/plan-versions.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { tasks } from '../schema/tasks.ts';
import { loadOf } from './assignment-facts.ts';
import type { TaskRow } from './task-completion.ts';
import { readWorkloads, thesePeople } from './workloads.ts';

type Closed = { kind: 'closed'; state: string; reason: string | null };

export type ClaimAnswer =
  { kind: 'claimed'; task: TaskRow } | { kind: 'taken'; by: string } | { kind: 'on-leave' } | Closed;

/** Takes a task that nobody has: of many who try at once one gets it, and the others hear who has it. */
export async function claimTask(
  tx: Db,
  { taskId, by }: { taskId: string; by: string },
  calendar: Calendar,
): Promise<ClaimAnswer> {
  const task = await lockTask(tx, taskId);
  if (task.state !== 'open') return { kind: 'closed', state: task.state, reason: task.droppedReason };
  if (task.assigneeId === by) return { kind: 'claimed', task };
  if (task.assigneeId !== null) return { kind: 'taken', by: task.assigneeId };
  // Whoever takes a task knows their own leave to come; only who is away today is not at work.
  const asked = await lookAt(tx, { task: { dueAt: new Date(0) }, staffId: by }, calendar);
  if (asked.hindrance) return { kind: 'on-leave' };
  const change = { assigneeId: by, assignedBecause: 'claimed', claimedAt: sql`business_now()` };
  const claimed = await tx.update(tasks).set(change).where(eq(tasks.id, taskId)).returning();
  await journaliseHand(tx, task, { by, event: 'task-claimed', reason: 'from-queue', to: by, asked });
  return { kind: 'claimed', task: onlyRow(claimed) };
}

export type Reassignment = { taskId: string; to: string; by: string; reason: string };

export type ReassignAnswer = { kind: 'reassigned'; task: TaskRow } | { kind: 'hindered'; because: Hindrance } | Closed;

/** Gives an open task to somebody who is there until it is due; giving it to whoever has it changes nothing. */
export async function reassignTask(
  tx: Db,
  { taskId, to, by, reason }: Reassignment,
  calendar: Calendar,
): Promise<ReassignAnswer> {
  const task = await lockTask(tx, taskId);
  if (task.state !== 'open') return { kind: 'closed', state: task.state, reason: task.droppedReason };
  if (task.assigneeId === to) return { kind: 'reassigned', task };
  const asked = await lookAt(tx, { task, staffId: to }, calendar);
  if (asked.hindrance) return { kind: 'hindered', because: asked.hindrance };
  const change = { assigneeId: to, assignedBecause: `by ${by}: ${reason}`, claimedAt: null };
  const given = await tx.update(tasks).set(change).where(eq(tasks.id, task.id)).returning();
  await journaliseHand(tx, task, { by, event: 'task-reassigned', reason: 'leader-decided', to, asked });
  return { kind: 'reassigned', task: onlyRow(given) };
}

async function lockTask(tx: Db, id: string): Promise<TaskRow> {
  const [known] = await tx.select({ renewalId: tasks.renewalId }).from(tasks).where(eq(tasks.id, id));
  await lockCase(tx, known?.renewalId ?? null);
  return onlyRow(await tx.select().from(tasks).where(eq(tasks.id, id)).for('update'));
}

type Look = {
  now: Instant;
  calendar: Calendar;
  givenOn: Day;
  dueOn: Day;
  load: object;
  hindrance?: Hindrance | undefined;
};

/** Leave and departure keep somebody from a task; how much they have to do is theirs or their leader's to judge. */
async function lookAt(
  tx: Db,
  { task, staffId }: { task: Pick<TaskRow, 'dueAt'>; staffId: string },
  calendar: Calendar,
): Promise<Look> {
  const { now } = await readClock(tx);
  const givenOn = calendar.dayOf(now);
  const dueDay = calendar.dayOf(task.dueAt.getTime());
  const dueOn = dueDay < givenOn ? givenOn : dueDay;
  const asking = { exceptRenewalId: null, from: givenOn, to: dueOn, zone: calendar.zone };
  const [person] = await readWorkloads(tx, thesePeople([staffId]), asking);
  const occasion = { givenOn, dueOn, isContact: false };
  const unlimited = person && { ...person, customerCapacity: null, contactsPerDay: null };
  const load = unlimited ? loadOf(unlimited, occasion) : { staffId };
  return { now, calendar, givenOn, dueOn, load, hindrance: unlimited && hindranceOf(unlimited, occasion) };
}

type Hand = { by: string; event: string; reason: DecisionRule; to: string; asked: Look };

async function journaliseHand(tx: Db, task: TaskRow, { by, event, reason, to, asked }: Hand): Promise<void> {
  const { now, calendar, givenOn, dueOn, load } = asked;
  const { renewalId, kind, role, assigneeId: from, startsAt, dueAt } = task;
  const planVersion = (await planVersionsOf(tx, [renewalId])).get(renewalId) ?? null;
  const deadline = { givenOn, dueOn: calendar.dayOf(dueAt.getTime()) };
  const facts = {
    step: 'hand',
    kind,
    role,
    from,
    to,
    by,
    startsAt,
    dueAt,
    ...deadline,
    thereUntil: dueOn,
    chosen: load,
  };
  const why = withDeadline(explain(reason, facts, { planVersion, calendar, now }), deadline, calendar);
  const inputs = { taskId: task.id, from, to, ...why };
  await journalise(tx, [
    { chain: renewalId ?? `task.${task.id}`, actor: by, event: `${event}:${kind}`, reason, inputs },
  ]);
}
