import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { messages } from './messages.ts';

/** What operators decided about messages of which nobody could tell whether they went. */
export const messageSettlements = pgTable(
  'message_settlements',
  {
    id: uuid().primaryKey(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id),
    /** The attempt that was uncertain. */
    attemptId: uuid(),
    settledAs: text().notNull(),
    providerId: text(),
    note: text(),
    settledBy: text().notNull(),
    settledAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('message_settlements_by_message').on(t.messageId, t.settledAt)],
);
