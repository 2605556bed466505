import { index, integer, numeric, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** Versions of what the customer was offered; never changed, only followed by a newer one. */
export const quotes = pgTable(
  'quotes',
  {
    id: uuid().primaryKey(),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    version: integer().notNull(),
    /** `indicative` until the bind clock opens, `firm` from then on. */
    kind: text().notNull(),
    premium: numeric({ precision: 14, scale: 2 }).notNull(),
    validUntil: timestamp({ withTimezone: true }),
    note: text(),
    quotedBy: text()
      .notNull()
      .references(() => staff.id),
    quotedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('quotes_one_per_version').on(t.renewalId, t.version), index('quotes_by_renewal').on(t.renewalId)],
);
