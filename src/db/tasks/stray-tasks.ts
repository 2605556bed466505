import { and, asc, eq, gt, isNotNull, notInArray, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { taskKinds, type TaskKind } from '../../renewal/task.ts';
import { readClock } from '../business-clock.ts';
import { lockCase, lockFleet } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { handOnFleetTasks } from './fleet-tasks.ts';
import { dropTasks } from './task-records.ts';

/** What is given about a case only once it has closed. */
const workAfterTheClose: readonly TaskKind[] = ['call-back-check', 'renewal-check'];
const workUntilTheClose = taskKinds.filter((kind) => !workAfterTheClose.includes(kind));

/** Older ones were looked at in their time. */
const lookBack = sql`interval '7 days'`;

/** Cases closed not long ago for which somebody still has a task that ended with them. */
export async function closedCasesWithTasks(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: renewals.id })
    .from(tasks)
    .innerJoin(renewals, eq(renewals.id, tasks.renewalId))
    .where(
      and(
        isNotNull(renewals.outcome),
        gt(renewals.closedAt, sql`business_now() - ${lookBack}`),
        eq(tasks.state, 'open'),
        notInArray(tasks.kind, [...workAfterTheClose]),
      ),
    )
    .orderBy(asc(renewals.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Takes such tasks away; what a fleet does once goes on with another vehicle. */
export async function dropStrayTasks(tx: Db, renewalId: string, calendar: Calendar): Promise<void> {
  await lockCase(tx, renewalId);
  const [renewal] = await tx.select().from(renewals).where(eq(renewals.id, renewalId));
  if (!renewal || renewal.outcome === null) return;
  await lockFleet(tx, renewal.fleetId);
  const { planVersion } = renewal;
  await handOnFleetTasks(tx, { renewal, planVersion, calendar, clock: await readClock(tx) }, workUntilTheClose);
  const reason = `case-closed:${renewal.outcome}`;
  await dropTasks(tx, { renewalId, reason, kinds: workUntilTheClose });
  await journalise(tx, [{ chain: renewalId, actor: 'sweeper', event: 'tasks-taken-away', reason, inputs: {} }]);
}
