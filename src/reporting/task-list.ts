import { and, asc, count, desc, eq, exists, inArray, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import type { Role } from '../db/staff-records.ts';
import { renewalsVisibleTo, type Viewer } from './visible-renewals.ts';

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

/** Tasks that are mine to do: assigned to me, or to nobody yet and for a role of mine in my branch or team. */
function tasksOf(viewer: Viewer): SQL {
  const offered = viewer.roles.map((role) => offeredTo(role, viewer)).filter((condition) => condition !== undefined);
  return or(eq(tasks.assigneeId, viewer.id), and(isNull(tasks.assigneeId), or(...offered) ?? sql`false`)) ?? sql`false`;
}

function offeredTo(role: Role, viewer: Viewer): SQL | undefined {
  const branchId = viewer.branchId;
  if (branchId === null) return undefined;
  const ofRole = and(eq(tasks.role, role), eq(tasks.branchId, branchId));
  if (role !== 'supervisor' && role !== 'agent') return ofRole;
  return and(ofRole, or(isNull(tasks.teamId), inArray(tasks.teamId, viewer.teams)));
}

/** Tasks somebody may read: their own, those of cases they see, and a team's hand-overs for who leads it (api.md, Roles). */
function tasksVisibleTo(viewer: Viewer, db: Db): SQL {
  const ofSeenCase = exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.id, tasks.renewalId), renewalsVisibleTo(viewer))),
  );
  return or(tasksOf(viewer), ofSeenCase, and(isNull(tasks.renewalId), teamWideFor(viewer))) ?? sql`false`;
}

function teamWideFor(viewer: Viewer): SQL {
  const is = (...roles: Role[]): boolean => viewer.roles.some((role) => roles.includes(role));
  if (is('admin', 'auditor')) return sql`true`;
  if (is('channel-manager', 'general-manager')) {
    return viewer.branchId === null ? sql`true` : inArray(tasks.branchId, viewer.branches);
  }
  return is('supervisor', 'trainer') ? inArray(tasks.teamId, viewer.teams) : sql`false`;
}

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
