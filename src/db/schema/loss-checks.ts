import { boolean, index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** Lost cases drawn for a call-back, which asks the customer whether the reason is true (business.md, Figures). */
export const lossChecks = pgTable(
  'loss_checks',
  {
    id: uuid().primaryKey(),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    /** The month whose losses were drawn from, `YYYY-MM`, and the seed of the draw. */
    month: text().notNull(),
    seed: text().notNull(),
    branchId: text().notNull(),
    /** The stratum: who owned the case when it was lost. */
    agentId: text(),
    lossReason: text().notNull(),
    state: text().notNull(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    drawnAt: timestamp({ withTimezone: true }).notNull(),
    confirmed: boolean(),
    actualReason: text(),
    note: text(),
    foundBy: text().references(() => staff.id),
    foundAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('loss_checks_one_per_case').on(t.renewalId),
    index('loss_checks_by_branch').on(t.branchId, t.state, t.dueAt),
  ],
);
