import { index, numeric, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** Whose a renewal is, part by part; the rate is one half where telesales or the call centre brought it (business.md, Figures). */
export const credits = pgTable(
  'credits',
  {
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    part: text().notNull(),
    staffId: text()
      .notNull()
      .references(() => staff.id),
    rate: numeric({ precision: 4, scale: 2 }).notNull(),
    rule: text().notNull(),
    creditedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.renewalId, t.part] }), index('credits_by_person').on(t.staffId, t.creditedAt)],
);
