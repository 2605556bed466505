import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, numeric, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { branches, staff } from './organisation.ts';

/** One motor policy term. Number and start identify it; the expiry may be corrected. */
export const policies = pgTable(
  'policies',
  {
    id: uuid().primaryKey(),
    policyNumber: text().notNull(),
    startsOn: date({ mode: 'string' }).notNull(),
    expiresOn: date({ mode: 'string' }).notNull(),
    /** What lists said before the core system corrected the expiry: a list that says it again changes nothing. */
    expiresOnOverruled: date({ mode: 'string' }),
    termDays: integer().notNull(),
    coverType: text().notNull(),
    plate: text(),
    vin: text(),
    engineNumber: text(),
    model: text(),
    firstRegisteredOn: date({ mode: 'string' }),
    premium: numeric({ precision: 14, scale: 2 }).notNull(),
    claimsCount: integer().notNull().default(0),
    claimsAmount: numeric({ precision: 14, scale: 2 }).notNull().default('0'),
    channel: text(),
    branchId: text()
      .notNull()
      .references(() => branches.id),
    agentId: text().references(() => staff.id),
    supervisorId: text().references(() => staff.id),
    specialistId: text().references(() => staff.id),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    underwritingApproved: boolean().notNull().default(true),
    cancelledOn: date({ mode: 'string' }),
    /** The new policy's number, once the core system reported the term as renewed. */
    renewedAs: text(),
    /** The group that negotiates as one (团单); unique in its branch. */
    fleetNumber: text(),
    note: text(),
    /** Why the last intake left it out; empty while it is eligible, open or not yet within the horizon. */
    leftOutReason: text(),
    importId: uuid(),
  },
  (t) => [
    uniqueIndex('policies_one_per_term').on(t.policyNumber, t.startsOn),
    index('policies_by_expiry').on(t.expiresOn, t.id),
    index('policies_by_plate').on(t.plate),
    index('policies_by_vin').on(t.vin),
    index('policies_by_customer').on(t.customerId),
    index('policies_left_out')
      .on(t.leftOutReason, t.id)
      .where(sql`${t.leftOutReason} is not null`),
  ],
);
