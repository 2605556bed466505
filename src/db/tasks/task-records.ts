import { and, eq, getTableColumns, inArray, ne, or, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Assignment } from '../../renewal/assignment.ts';
import type { Explained } from '../../renewal/explanation.ts';
import { isNegotiatedOnce, roleFor, type TaskKind } from '../../renewal/task.ts';
import { chooseAssignees } from './assignees.ts';
import type { CaseWork, TaskToAssign } from '../cases/case-work.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { tasks } from '../schema/tasks.ts';
import { taskKey } from './stage-tasks.ts';

/**
 * Assigns tasks of a case to the people whose work they are, or who cover for them. The same occasion again moves the
 * deadline of a task that is open, gives back one that went with its stage or with a mistaken result, and leaves what is done.
 */
export async function assignTasks(tx: Db, work: CaseWork, assigned: readonly TaskToAssign[]): Promise<void> {
  if (assigned.length === 0) return;
  const chosen = [...(await chooseAssignees(tx, work, assigned))];
  const rows = chosen.map(([task, { assignment }]) => taskRow(work, task, assignment));
  const why = new Map(chosen.map(([task, { explained }]) => [taskKey(work.renewal, task), explained]));
  const isOpen = sql`${tasks.state} = 'open'`;
  const given = await tx
    .insert(tasks)
    .values(rows)
    .onConflictDoUpdate({
      target: tasks.key,
      set: {
        state: 'open',
        droppedReason: null,
        renewalId: sql`excluded.renewal_id`,
        startsAt: sql`excluded.starts_at`,
        dueAt: sql`excluded.due_at`,
        assigneeId: sql`case when ${isOpen} then ${tasks.assigneeId} else excluded.assignee_id end`,
        assignedBecause: sql`case when ${isOpen} then ${tasks.assignedBecause} else excluded.assigned_because end`,
      },
      setWhere: sql`(${isOpen} and ${tasks.renewalId} = excluded.renewal_id) or (${tasks.state} = 'dropped'
        and (${tasks.droppedReason} like 'stage-ended:%' or ${tasks.droppedReason} in ('result-corrected', 'not-in-plan')
          or ${tasks.renewalId} <> excluded.renewal_id))`,
    })
    .returning({ ...getTableColumns(tasks), was: sql<string | null>`old.state` });
  await journaliseGiven(
    tx,
    given.filter(({ was }) => was !== 'open'),
    why,
  );
}

/** Who has which work and why is a decision of its own; a task that somebody has already is none. */
async function journaliseGiven(
  tx: Db,
  given: readonly (typeof tasks.$inferSelect)[],
  why: ReadonlyMap<string, Explained>,
): Promise<void> {
  await journalise(
    tx,
    given.map(({ id, key, kind, renewalId, assigneeId, assignedBecause }) => ({
      chain: renewalId ?? `task.${id}`,
      actor: 'system',
      event: `task-given:${kind}`,
      reason: assignedBecause ?? '',
      inputs: { taskId: id, assigneeId, ...why.get(key) },
    })),
  );
}

/** A fleet does some work once for all of its vehicles: such a task has one key for the whole fleet. */
function taskRow(work: CaseWork, task: TaskToAssign, assignment: Assignment): typeof tasks.$inferInsert {
  const { renewal, policy, clock } = work;
  const fleetId = isNegotiatedOnce(task.kind) ? renewal.fleetId : null;
  return {
    id: uuidv7(),
    key: taskKey(renewal, task),
    kind: task.kind,
    renewalId: renewal.id,
    fleetId,
    branchId: renewal.branchId,
    teamId: renewal.teamId,
    assigneeId: assignment.assigneeId,
    assignedBecause: assignment.because,
    managerId: renewal.managerId,
    role: roleFor(task.kind),
    state: 'open',
    stage: renewal.stage,
    priority: renewal.priority,
    value: policy.premium,
    startsAt: task.startsAt === undefined ? null : new Date(task.startsAt),
    dueAt: new Date(task.dueAt),
    createdAt: new Date(clock.now),
  };
}

/** Takes open tasks of a case away with a reason; all kinds when none are named. The hand-over is the agent's, not the case's. */
export async function dropTasks(
  tx: Db,
  dropped: { renewalId: string; reason: string; kinds?: readonly TaskKind[] },
): Promise<void> {
  const { renewalId, reason, kinds } = dropped;
  const which = kinds ? inArray(tasks.kind, [...kinds]) : ne(tasks.kind, 'hand-over');
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: reason })
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.state, 'open'), which));
}

/** Takes these open tasks of a case away with a reason. */
export async function dropTasksOf(
  tx: Db,
  { renewalId, reason, keys }: { renewalId: string; reason: string; keys: readonly string[] },
): Promise<void> {
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: reason })
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.state, 'open'), inArray(tasks.key, [...keys])));
}

/** What a fleet negotiates once is answered through any of its cases. */
function fleetOf(renewalId: string) {
  return sql`(select fleet_id from renewals where id = ${renewalId})`;
}

/** Completes the tasks that a recorded result answers. A second round's task counts even when the close took it away first. */
export async function completeTasks(
  tx: Db,
  answered: { renewalId: string; kinds: readonly TaskKind[]; by: string; resultId: string },
): Promise<void> {
  const secondRound = and(eq(tasks.kind, 'second-round'), eq(tasks.state, 'dropped'));
  await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: answered.by,
      completion: { resultId: answered.resultId },
      droppedReason: null,
    })
    .where(
      and(
        or(eq(tasks.renewalId, answered.renewalId), eq(tasks.fleetId, fleetOf(answered.renewalId))),
        inArray(tasks.kind, [...answered.kinds]),
        or(eq(tasks.state, 'open'), secondRound),
      ),
    );
}
