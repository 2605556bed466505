import { and, asc, count, desc, eq, lte, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { tasks } from '../db/schema/tasks.ts';
import { tasksOf, tasksVisibleTo } from './scope/tasks.ts';
import type { Viewer } from './scope/viewer.ts';

export type TaskFilters = {
  /** `me` is the viewer's own worklist, anything else a staff number. */
  assignee?: string | undefined;
  state?: string | undefined;
  kind?: string | undefined;
  renewalId?: string | undefined;
  /** Inclusive business instant, ISO 8601. */
  dueBefore?: string | undefined;
};

export type TaskPosition = { dueAt: string; priority: number; id: string };

/** One page of tasks by due time, then priority (highest first), then id (api.md, GET /v1/tasks). */
export function listTasks(
  db: Db,
  request: { viewer: Viewer; filters: TaskFilters; from?: TaskPosition | undefined; limit: number },
) {
  return db
    .select({ task: tasks, sortValue: sql<string>`${tasks.dueAt}::text` })
    .from(tasks)
    .where(and(scopeOf(request, db), ...conditions(request.filters), after(request.from)))
    .orderBy(asc(tasks.dueAt), desc(tasks.priority), asc(tasks.id))
    .limit(request.limit);
}

function scopeOf({ viewer, filters }: { viewer: Viewer; filters: TaskFilters }, db: Db): SQL | undefined {
  if (filters.assignee === 'me') return tasksOf(viewer);
  const assigned = filters.assignee === undefined ? undefined : eq(tasks.assigneeId, filters.assignee);
  return and(tasksVisibleTo(viewer, db), assigned);
}

function conditions(filters: TaskFilters): (SQL | undefined)[] {
  return [
    filters.state === undefined ? undefined : eq(tasks.state, filters.state),
    filters.kind === undefined ? undefined : eq(tasks.kind, filters.kind),
    filters.renewalId === undefined ? undefined : eq(tasks.renewalId, filters.renewalId),
    filters.dueBefore === undefined ? undefined : lte(tasks.dueAt, new Date(filters.dueBefore)),
  ];
}

function after(from: TaskPosition | undefined): SQL | undefined {
  if (!from) return undefined;
  return sql`(${tasks.dueAt}, -${tasks.priority}, ${tasks.id}) > (${from.dueAt}, ${-from.priority}, ${from.id})`;
}

/** One task, if the viewer may read it. */
export async function readTask(db: Db, viewer: Viewer, id: string) {
  const [row] = await db
    .select({ task: tasks, mine: sql<boolean>`${tasksOf(viewer)}` })
    .from(tasks)
    .where(and(eq(tasks.id, id), tasksVisibleTo(viewer, db)));
  return row;
}

export async function countOpenTasks(db: Db, viewer: Viewer): Promise<number> {
  const [row] = await db
    .select({ tasks: count() })
    .from(tasks)
    .where(and(tasksOf(viewer), eq(tasks.state, 'open')));
  return row?.tasks ?? 0;
}
