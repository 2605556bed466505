import { boolean, index, integer, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** A price reduction that somebody with enough authority must approve (business.md, Concessions). */
export const concessions = pgTable(
  'concessions',
  {
    id: uuid().primaryKey(),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    branchId: text().notNull(),
    percent: numeric({ precision: 5, scale: 2 }).notNull(),
    step: text().notNull(),
    benefit: text(),
    /** What the customer takes besides; the last rung of the ladder asks for it, signed. */
    attachedService: text(),
    signed: boolean().notNull().default(false),
    reason: text().notNull(),
    /** Premium that the percentage is of. */
    premium: numeric({ precision: 14, scale: 2 }).notNull(),
    ladderVersion: integer().notNull(),
    state: text().notNull(),
    /** Who decides now; one level up after each deadline. */
    level: text().notNull(),
    dueAt: timestamp({ withTimezone: true }),
    requestedBy: text()
      .notNull()
      .references(() => staff.id),
    requestedAt: timestamp({ withTimezone: true }).notNull(),
    decidedBy: text(),
    decidedAt: timestamp({ withTimezone: true }),
    decisionNote: text(),
    /** Why it went without a decision: nobody answered, or the case closed. */
    lapsedReason: text(),
  },
  (t) => [
    index('concessions_by_renewal').on(t.renewalId, t.requestedAt),
    index('concessions_by_state').on(t.state, t.dueAt),
    index('concessions_by_branch').on(t.branchId, t.requestedAt),
  ],
);

/** Each level that was asked, until when, and what it answered. */
export const concessionAsks = pgTable(
  'concession_asks',
  {
    concessionId: uuid()
      .notNull()
      .references(() => concessions.id),
    level: text().notNull(),
    askedAt: timestamp({ withTimezone: true }).notNull(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    answer: text(),
    answeredBy: text(),
    answeredAt: timestamp({ withTimezone: true }),
  },
  (t) => [primaryKey({ columns: [t.concessionId, t.level] })],
);
