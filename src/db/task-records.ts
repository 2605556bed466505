import { and, eq, inArray, ne, or, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Instant } from '../renewal/calendar.ts';
import { roleFor, type TaskKind, type TaskRole } from '../renewal/task.ts';
import type { CaseSituation } from './case-situation.ts';
import type { Db } from './connection.ts';
import { tasks } from './schema/tasks.ts';

/**
 * `occasion` tells two tasks of one kind in one case apart, e.g. the stage or the result that asks for it. No worklist
 * shows a task before it starts.
 */
export type TaskToAssign = { kind: TaskKind; occasion: string; startsAt?: Instant; dueAt: Instant };

/**
 * Assigns tasks of a case to the people whose work they are. The same occasion again moves the deadline of a task that is
 * open, gives back one that only went because its stage ended, and leaves what is done.
 */
export async function assignTasks(tx: Db, situation: CaseSituation, assigned: readonly TaskToAssign[]): Promise<void> {
  if (assigned.length === 0) return;
  await tx
    .insert(tasks)
    .values(assigned.map((task) => taskRow(situation, task)))
    .onConflictDoUpdate({
      target: tasks.key,
      set: {
        state: 'open',
        droppedReason: null,
        startsAt: sql`excluded.starts_at`,
        dueAt: sql`excluded.due_at`,
        assigneeId: sql`case when ${tasks.state} = 'open' then ${tasks.assigneeId} else excluded.assignee_id end`,
      },
      setWhere: sql`${tasks.state} = 'open' or (${tasks.state} = 'dropped' and ${tasks.droppedReason} like 'stage-ended:%')`,
    });
}

function taskRow(situation: CaseSituation, task: TaskToAssign): typeof tasks.$inferInsert {
  const { renewal } = situation;
  const role = roleFor(task.kind);
  return {
    id: uuidv7(),
    key: `${renewal.id}/${task.kind}/${task.occasion}`,
    kind: task.kind,
    renewalId: renewal.id,
    branchId: renewal.branchId,
    teamId: renewal.teamId,
    assigneeId: assigneeFor(role, situation),
    role,
    state: 'open',
    stage: renewal.stage,
    priority: renewal.priority,
    value: situation.policy.premium,
    startsAt: task.startsAt === undefined ? null : new Date(task.startsAt),
    dueAt: new Date(task.dueAt),
    createdAt: new Date(situation.clock.now),
  };
}

/** Empty where the role's queue in the branch takes it: the call centre, managers, or an agent's task of an orphan. */
function assigneeFor(role: TaskRole, { renewal, policy }: CaseSituation): string | null {
  switch (role) {
    case 'agent':
      return renewal.ownerId;
    case 'specialist':
      return policy.specialistId;
    case 'supervisor':
      return policy.supervisorId;
    case 'call-centre':
    case 'channel-manager':
    case 'general-manager':
      return null;
  }
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
        eq(tasks.renewalId, answered.renewalId),
        inArray(tasks.kind, [...answered.kinds]),
        or(eq(tasks.state, 'open'), secondRound),
      ),
    );
}
