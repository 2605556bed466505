import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { staff, teams } from './organisation.ts';
import { renewals } from './renewals.ts';

/** All open cases of one agent who left, to be decided by the supervisor. */
export const handovers = pgTable(
  'handovers',
  {
    id: uuid().primaryKey(),
    agentId: text()
      .notNull()
      .references(() => staff.id),
    branchId: text().notNull(),
    teamId: text().references(() => teams.id),
    supervisorId: text().references(() => staff.id),
    state: text().notNull(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    openedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('handovers_by_team').on(t.teamId, t.state)],
);

/** What happens to one orphaned case; `notifiedAt` is empty until its workflow knows the newest state. */
export const handoverItems = pgTable(
  'handover_items',
  {
    handoverId: uuid()
      .notNull()
      .references(() => handovers.id),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    state: text().notNull(),
    ownerId: text().references(() => staff.id),
    channel: text(),
    proposedChannel: text(),
    offerDueAt: timestamp({ withTimezone: true }),
    notifiedAt: timestamp({ withTimezone: true }),
    decidedBy: text(),
    decidedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    primaryKey({ columns: [t.handoverId, t.renewalId] }),
    index('handover_items_by_renewal').on(t.renewalId),
    index('handover_items_offered')
      .on(t.channel)
      .where(sql`${t.state} = 'offered'`),
  ],
);
