import { and, asc, count, desc, eq, lte, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { tasks } from '../db/schema/tasks.ts';
import type { Instant } from '../renewal/calendar.ts';
import { joinedBy, tasksOf, tasksVisibleTo } from './scope/tasks.ts';
import type { Viewer } from './scope/viewer.ts';
import { worklistScore } from './worklist-score.ts';

/** `worklist` is what to do first (decision record 0013), `dueAt` the deadline, then the priority. */
export const taskSorts = ['worklist', 'dueAt'] as const;
export type TaskSort = (typeof taskSorts)[number];

type TaskFilters = {
  /** `me` is the viewer's own worklist, anything else a staff number. */
  assignee?: string | undefined;
  /** `me`: what the viewer joins as the manager in charge. */
  joined?: 'me' | undefined;
  state?: string | undefined;
  kind?: string | undefined;
  renewalId?: string | undefined;
  /** Inclusive business instant, ISO 8601. */
  dueBefore?: string | undefined;
};

/** The last task of a page: its sort value as PostgreSQL wrote it. */
type TaskPosition = { sortValue: string; priority: number; id: string };

export type TaskRequest = {
  viewer: Viewer;
  filters: TaskFilters;
  sort: TaskSort;
  /** The business instant (ms) that all pages of a list are ranked at. */
  now: Instant;
  from?: TaskPosition | undefined;
  limit: number;
};

/** One page of tasks that can be done now (api.md, GET /v1/tasks): what starts later is not listed before it starts. */
export function listTasks(db: Db, request: TaskRequest) {
  const { key, orderBy, after } = orderOf(request);
  return db
    .select({ task: tasks, sortValue: sql<string>`${key}::text` })
    .from(tasks)
    .where(and(scopeOf(request, db), hasStarted(request.now), ...conditions(request.filters), after))
    .orderBy(...orderBy)
    .limit(request.limit);
}

function orderOf({ sort, now, from }: TaskRequest): { key: SQL; orderBy: SQL[]; after: SQL | undefined } {
  switch (sort) {
    case 'worklist': {
      const key = worklistScore(now);
      const value = sql`${from?.sortValue}::float8`;
      const after = sql`(${key} < ${value} or (${key} = ${value} and ${tasks.id} > ${from?.id}))`;
      return { key, orderBy: [desc(key), asc(tasks.id)], after: from && after };
    }
    case 'dueAt': {
      const order = [asc(tasks.dueAt), desc(tasks.priority), asc(tasks.id)];
      const after = sql`(${tasks.dueAt}, -${tasks.priority}, ${tasks.id}) > (${from?.sortValue}, ${-(from?.priority ?? 0)}, ${from?.id})`;
      return { key: sql`${tasks.dueAt}`, orderBy: order, after: from && after };
    }
  }
}

function hasStarted(now: Instant): SQL {
  return sql`(${tasks.startsAt} is null or ${tasks.startsAt} <= to_timestamp(${now / 1000}::float8) or ${tasks.state} <> 'open')`;
}

function scopeOf({ viewer, filters }: TaskRequest, db: Db): SQL | undefined {
  if (filters.joined === 'me') return joinedBy(viewer);
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
    .where(
      and(
        tasksOf(viewer),
        eq(tasks.state, 'open'),
        sql`(${tasks.startsAt} is null or ${tasks.startsAt} <= (select business_now()))`,
      ),
    );
  return row?.tasks ?? 0;
}
