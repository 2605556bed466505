import { sql } from 'drizzle-orm';
import { index, integer, jsonb, numeric, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** Work for a person, or for whoever of a role in a branch takes it. */
export const tasks = pgTable(
  'tasks',
  {
    id: uuid().primaryKey(),
    /** Unique per reason to act: a retried activity assigns nothing twice. */
    key: text().notNull(),
    kind: text().notNull(),
    renewalId: text().references(() => renewals.id),
    handoverId: uuid(),
    branchId: text().notNull(),
    teamId: text(),
    assigneeId: text().references(() => staff.id),
    /** By which rule or by whom it was given to the assignee. */
    assignedBecause: text(),
    claimedAt: timestamp({ withTimezone: true }),
    /** The manager in charge of a key customer, who joins. */
    managerId: text().references(() => staff.id),
    concessionId: uuid(),
    lossCheckId: uuid(),
    fleetId: text(),
    role: text().notNull(),
    state: text().notNull(),
    stage: text(),
    priority: integer().notNull().default(0),
    /** The premium that is at stake, as it stood when the task was given; worklists rank by it. */
    value: numeric({ precision: 14, scale: 2 }).notNull().default('0'),
    /** No worklist shows it before; empty when it may be done at once. */
    startsAt: timestamp({ withTimezone: true }),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    completedAt: timestamp({ withTimezone: true }),
    completedBy: text(),
    completion: jsonb(),
    /** Why it went without being done, e.g. that its case closed. */
    droppedReason: text(),
  },
  (t) => [
    uniqueIndex('tasks_one_per_key').on(t.key),
    index('tasks_by_assignee').on(t.assigneeId, t.state, t.dueAt, t.priority),
    index('tasks_by_role').on(t.branchId, t.role, t.state, t.dueAt),
    index('tasks_by_manager')
      .on(t.managerId, t.dueAt)
      .where(sql`${t.state} = 'open'`),
    index('tasks_in_queue')
      .on(t.branchId, t.role, t.dueAt)
      .where(sql`${t.state} = 'open' and ${t.assigneeId} is null`),
    index('tasks_by_renewal').on(t.renewalId),
    index('tasks_by_fleet')
      .on(t.fleetId)
      .where(sql`${t.fleetId} is not null`),
  ],
);
