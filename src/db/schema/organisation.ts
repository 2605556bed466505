import { sql } from 'drizzle-orm';
import { boolean, check, date, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

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
    /** How many customers they can look after and contacts they can make in a day; the role's default when empty. */
    customerCapacity: integer(),
    contactsPerDay: integer(),
    /** Where their digests go; without an address they get none. */
    email: text(),
    phone: text(),
    language: text().notNull().default('zh-CN'),
    /** Whether they want each digest's counts by SMS as well. */
    digestSms: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index('staff_team').on(t.teamId), check('staff_has_a_role', sql`cardinality(${t.roles}) > 0`)],
);

/** Leave of a person, both days included; nothing is given to them on these days. */
export const absences = pgTable(
  'absences',
  {
    id: uuid().primaryKey(),
    staffId: text()
      .notNull()
      .references(() => staff.id),
    fromOn: date({ mode: 'string' }).notNull(),
    toOn: date({ mode: 'string' }).notNull(),
    reason: text(),
    recordedBy: text().notNull(),
    recordedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    index('absences_by_person').on(t.staffId, t.fromOn),
    check('absences_end_after_they_begin', sql`${t.toOn} >= ${t.fromOn}`),
  ],
);
