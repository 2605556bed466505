import { and, eq, gte, inArray, isNull, lt, or } from 'drizzle-orm';
import {
  chooseAssignee,
  isContactKind,
  type Assigned,
  type Assignment,
  type Workload,
} from '../../renewal/assignment.ts';
import { addDays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { explain, withDeadline, type Explained } from '../../renewal/explanation.ts';
import type { TaskKind, TaskRole } from '../../renewal/task.ts';
import { readClock } from '../business-clock.ts';
import { lockCasesWhere } from '../cases/case-locks.ts';
import { planVersionsOf } from '../cases/plan-versions.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { candidates, loadOf } from './assignment-facts.ts';
import { peopleOf, readWorkloads, thesePeople, type Asking } from './workloads.ts';

type TaskRow = typeof tasks.$inferSelect;
type Leave = { staffId: string; fromOn: Day; toOn: Day };
type Moved = { task: TaskRow; to: Assignment; why: Explained };

/**
 * Somebody is on leave from one day to another, which is recorded: their open tasks that are due on these days go to the
 * least loaded others of the same role, or to its queue (decision record 0013). Answers how many moved.
 */
export async function moveTasksOfAbsent(tx: Db, leave: Leave, calendar: Calendar): Promise<number> {
  const { now } = await readClock(tx);
  const due = await lockTasksDueIn(tx, leave, calendar);
  const groups = Map.groupBy(due, ({ role, branchId, teamId }) => [role, branchId, teamId].join('/'));
  const planVersions = await planVersionsOf(
    tx,
    due.map(({ renewalId }) => renewalId),
  );
  const moved: Moved[] = [];
  for (const group of groups.values()) {
    const loads = await loadsAround(tx, group, { ...leave, zone: calendar.zone });
    for (const task of group) {
      const dueOn = calendar.dayOf(task.dueAt.getTime());
      const isContact = isContactKind(task.kind as TaskKind);
      const occasion = { givenOn: calendar.dayOf(now), dueOn, isContact };
      const before = [...loads];
      const to = chooseAmong(loads, leave.staffId, occasion);
      const facts = coverFacts(task, { before, to, absentId: leave.staffId, occasion });
      const deciding = { planVersion: planVersions.get(task.renewalId) ?? null, calendar, now };
      moved.push({ task, to, why: withDeadline(explain(to.because, facts, deciding), occasion, calendar) });
    }
  }
  await writeMoves(tx, moved);
  return moved.length;
}

/** With their cases; what comes to them from another case meanwhile stays theirs. */
async function lockTasksDueIn(tx: Db, { staffId, fromOn, toOn }: Leave, calendar: Calendar): Promise<TaskRow[]> {
  const isDue = and(
    eq(tasks.assigneeId, staffId),
    eq(tasks.state, 'open'),
    gte(tasks.dueAt, new Date(calendar.instantOf(fromOn, 0))),
    lt(tasks.dueAt, new Date(calendar.instantOf(addDays(toOn, 1), 0))),
  );
  const cases = tx.select({ id: tasks.renewalId }).from(tasks).where(isDue);
  const locked = await lockCasesWhere(tx, inArray(renewals.id, cases));
  return tx
    .select()
    .from(tasks)
    .where(and(isDue, or(isNull(tasks.renewalId), inArray(tasks.renewalId, locked))))
    .orderBy(tasks.dueAt, tasks.id)
    .for('update')
    .execute();
}

async function loadsAround(
  tx: Db,
  [first]: readonly TaskRow[],
  { staffId, fromOn, toOn, zone }: Leave & { zone: string },
): Promise<Workload[]> {
  if (!first) return [];
  const asking: Asking = { exceptRenewalId: null, from: fromOn, to: toOn, zone };
  const own = await readWorkloads(tx, thesePeople([staffId]), asking);
  const others = await readWorkloads(tx, peopleOf(first.role as TaskRole, first), asking);
  return [...own, ...others.filter((person) => person.staffId !== staffId)];
}

type Cover = { before: readonly Workload[]; to: Assignment; absentId: string; occasion: Assigned };

function coverFacts(task: TaskRow, { before, to, absentId, occasion }: Cover): Record<string, unknown> {
  const absent = before.find(({ staffId }) => staffId === absentId);
  return {
    step: 'absence',
    kind: task.kind,
    role: task.role,
    ...occasion,
    startsAt: task.startsAt,
    dueAt: task.dueAt,
    firstChoice: absent ? loadOf(absent, occasion) : absentId,
    ...candidates(before, to.assigneeId, { first: absentId, ...occasion }),
  };
}

/** Each task that somebody gets weighs on them when the next one is given. */
function chooseAmong(loads: Workload[], absentId: string, task: Assigned): Assignment {
  const absent = loads.find(({ staffId }) => staffId === absentId);
  const chosen = chooseAssignee(absent, loads, task);
  const place = loads.findIndex(({ staffId }) => staffId === chosen.assigneeId);
  const taker = loads[place];
  if (taker) loads[place] = withOneMore(taker, task);
  return chosen;
}

function withOneMore(person: Workload, { dueOn, isContact }: Assigned): Workload {
  const contacts = isContact ? { ...person.contacts, [dueOn]: (person.contacts[dueOn] ?? 0) + 1 } : person.contacts;
  return { ...person, openTasks: person.openTasks + 1, customers: person.customers + 1, contacts };
}

async function writeMoves(tx: Db, moved: readonly Moved[]): Promise<void> {
  for (const [assigneeId, given] of Map.groupBy(moved, ({ to }) => to.assigneeId)) {
    const ids = given.map(({ task }) => task.id);
    const assignedBecause = given[0]?.to.because;
    await tx.update(tasks).set({ assigneeId, assignedBecause, claimedAt: null }).where(inArray(tasks.id, ids));
  }
  await journalise(
    tx,
    moved.map(({ task, to, why }) => ({
      chain: task.renewalId ?? `task.${task.id}`,
      actor: 'system',
      event: `task-moved:${task.kind}`,
      reason: to.because,
      inputs: { taskId: task.id, from: task.assigneeId, to: to.assigneeId, ...why },
    })),
  );
}
