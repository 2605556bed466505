import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const branches = pgTable('branches', {
  id: text().primaryKey(),
  name: text().notNull(),
  parentId: text(),
});

export const teams = pgTable('teams', {
  id: text().primaryKey(),
  branchId: text()
    .notNull()
    .references(() => branches.id),
  supervisorId: text(),
});

/** People and machines that may act; the id is the staff number and the subject of their tokens. */
export const staff = pgTable(
  'staff',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    roles: text().array().notNull(),
    branchId: text().references(() => branches.id),
    teamId: text().references(() => teams.id),
    departedOn: date({ mode: 'string' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index('staff_team').on(t.teamId), check('staff_has_a_role', sql`cardinality(${t.roles}) > 0`)],
);
