import { and, asc, count, desc, eq, gte, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { customers } from '../db/schema/customers.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { addDays, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import { digestBefore } from '../renewal/staff-message.ts';
import type { TaskKind } from '../renewal/task.ts';
import { escalationTasks } from '../renewal/task-change.ts';
import { caseLine } from './case-lines.ts';
import { tasksOf } from './scope/tasks.ts';
import type { Viewer } from './scope/viewer.ts';
import { worklistScore } from './worklist-score.ts';

export type DueListRequest = { viewer: Viewer; day: Day; now: Instant; calendar: Calendar; limit: number };

/**
 * What a person's morning holds (business.md, Staff nudges): tasks that are late, due today or due by the end of the week,
 * escalations that came in since the last digest, and cases of theirs that are new since then. Lists are cut to `limit`, first
 * things first. `overdue` and `dueToday` count all of theirs; work without a case, such as a hand-over, is counted and told in
 * mails of its own.
 */
export async function readDueList(db: Db, request: DueListRequest) {
  const { viewer, day, now, calendar, limit } = request;
  const late = sql`${tasks.dueAt} < to_timestamp(${now / 1_000}::float8)`;
  const today = sql`${tasks.dueAt} < to_timestamp(${calendar.instantOf(addDays(day, 1), 0) / 1_000}::float8)`;
  const mine = worthTelling(request);
  const rows = await db
    .select({ ...caseLine, taskId: tasks.id, kind: sql<TaskKind>`${tasks.kind}`, dueAt: tasks.dueAt })
    .from(tasks)
    .innerJoin(renewals, eq(renewals.id, tasks.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(mine)
    .orderBy(desc(worklistScore(now)), asc(tasks.id))
    .limit(limit);
  const counted = {
    all: count(),
    overdue: sql<number>`(count(*) filter (where ${late}))::int`,
    dueToday: sql<number>`(count(*) filter (where ${today} and not ${late}))::int`,
  };
  const [counts] = await db.select(counted).from(tasks).where(mine);
  const fresh = await readNewCases(db, { viewer, since: digestBefore(day, calendar), limit });
  return { ...(counts ?? { all: 0, overdue: 0, dueToday: 0 }), tasks: rows, fresh };
}

/** Open work of theirs that can be done and is due by Sunday, or that was escalated to them since the digest before. */
function worthTelling({ viewer, day, now, calendar }: DueListRequest): SQL | undefined {
  const kinds = sql.join(
    escalationTasks.map((kind) => sql`${kind}`),
    sql`, `,
  );
  const cameIn = gte(tasks.createdAt, new Date(digestBefore(day, calendar)));
  return and(
    tasksOf(viewer),
    eq(tasks.state, 'open'),
    sql`(${tasks.startsAt} is null or ${tasks.startsAt} <= to_timestamp(${now / 1_000}::float8))`,
    or(lt(tasks.dueAt, new Date(endOfWeek(day, calendar))), and(sql`${tasks.kind} in (${kinds})`, cameIn)),
  );
}

/** The first instant of the Monday that follows a day. */
function endOfWeek(day: Day, calendar: Calendar): Instant {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return calendar.instantOf(addDays(day, weekday === 0 ? 1 : 8 - weekday), 0);
}

function readNewCases(db: Db, { viewer, since, limit }: { viewer: Viewer; since: Instant; limit: number }) {
  return db
    .select(caseLine)
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(and(eq(renewals.ownerId, viewer.id), isNull(renewals.outcome), gte(renewals.openedAt, new Date(since))))
    .orderBy(asc(renewals.expiresOn), asc(renewals.id))
    .limit(limit);
}
