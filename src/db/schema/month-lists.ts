import { date, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { renewals } from './renewals.ts';

/** Each half month the open cases are written down once; differences are told between two of these lists. */
export const monthLists = pgTable('month_lists', {
  /** The day that the list was planned for: the 2nd or the 16th. */
  period: date({ mode: 'string' }).primaryKey(),
  takenAt: timestamp({ withTimezone: true }).notNull(),
  cases: integer().notNull(),
});

/** An open case as it stood when the list was taken. */
export const monthListEntries = pgTable(
  'month_list_entries',
  {
    period: date({ mode: 'string' })
      .notNull()
      .references(() => monthLists.period, { onDelete: 'cascade' }),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    ownerId: text(),
    teamId: text(),
    specialistId: text(),
    expiresOn: date({ mode: 'string' }).notNull(),
    stage: text(),
  },
  (t) => [
    primaryKey({ columns: [t.period, t.renewalId] }),
    index('month_list_entries_by_owner').on(t.period, t.ownerId),
    index('month_list_entries_by_team').on(t.period, t.teamId),
    index('month_list_entries_by_specialist').on(t.period, t.specialistId),
  ],
);
