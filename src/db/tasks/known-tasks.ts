import { and, eq, inArray, or } from 'drizzle-orm';
import type { Stage } from '../../renewal/stage-plan.ts';
import type { TaskKind } from '../../renewal/task.ts';
import { tasksThatFollowPlans, type KnownTask } from '../../renewal/task-change.ts';
import type { Db } from '../connection.ts';
import type { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

type TaskRow = Pick<
  typeof tasks.$inferSelect,
  'key' | 'kind' | 'renewalId' | 'stage' | 'state' | 'droppedReason' | 'startsAt' | 'dueAt' | 'assigneeId'
>;

/** The tasks of a case that another plan may change, and those that its fleet has through another case. */
export async function knownTasks(
  tx: Db,
  { id, fleetId }: Pick<typeof renewals.$inferSelect, 'id' | 'fleetId'>,
): Promise<KnownTask[]> {
  const isOurs = or(eq(tasks.renewalId, id), fleetId === null ? undefined : eq(tasks.fleetId, fleetId));
  const rows = await tx
    .select()
    .from(tasks)
    .where(and(isOurs, inArray(tasks.kind, [...tasksThatFollowPlans])));
  return rows.map((row) => knownTask(row, id));
}

/** A row as the pure rules see it; what another case of the fleet has is nothing that this one changes. */
export function knownTask(row: TaskRow, renewalId: string): KnownTask {
  return {
    kind: row.kind as TaskKind,
    occasion: row.key.slice(row.key.lastIndexOf('/') + 1),
    stage: row.stage as Stage | null,
    state: row.renewalId === renewalId ? row.state : 'elsewhere',
    droppedReason: row.droppedReason,
    startsAt: row.startsAt?.getTime(),
    dueAt: row.dueAt.getTime(),
    isTaken: row.assigneeId !== null,
  };
}
