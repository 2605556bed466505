import { and, eq, sql } from 'drizzle-orm';
import type { TaskKind } from '../../renewal/task.ts';
import type { Db } from '../connection.ts';
import { reachedAlike } from '../customers/reached-alike.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

const readReply: TaskKind = 'read-reply';

/** The open tasks to read what whoever is reached alike answered, in any case of theirs: by when each should be done. */
export function unreadReplies(db: Db) {
  return db
    .select({ dueAt: tasks.dueAt })
    .from(tasks)
    .innerJoin(renewals, eq(renewals.id, tasks.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(tasks.kind, readReply), eq(tasks.state, 'open'), sql`${policies.customerId} = any(${reachedAlike})`));
}
