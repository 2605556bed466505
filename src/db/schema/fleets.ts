import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { branches, staff } from './organisation.ts';

/** Vehicles of one holder that are negotiated once, one case each (business.md, Special lines). */
export const fleets = pgTable('fleets', {
  id: text().primaryKey(),
  branchId: text()
    .notNull()
    .references(() => branches.id),
  number: text().notNull(),
  /** Who negotiates for the whole fleet. */
  negotiatorId: text().references(() => staff.id),
  openedAt: timestamp({ withTimezone: true }).notNull(),
});
