import { date, index, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';

/** One nudge to a person on one channel; neither address nor text is kept, so that no customer is named here. */
export const staffMessages = pgTable(
  'staff_messages',
  {
    id: uuid().primaryKey(),
    kind: text().notNull(),
    staffId: text()
      .notNull()
      .references(() => staff.id),
    /** The business day that it was planned for, whenever it went. */
    day: date({ mode: 'string' }).notNull(),
    channel: text().notNull(),
    /** What a nudge of its own is about, e.g. a hand-over; empty for a list. */
    about: text().notNull().default(''),
    state: text().notNull(),
    reason: text(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    /** After it nothing is sent any more. */
    latestAt: timestamp({ withTimezone: true }).notNull(),
    attemptId: uuid().unique(),
    claimedAt: timestamp({ withTimezone: true }),
    /** The ids of what it listed. */
    listed: jsonb(),
    provider: text(),
    providerId: text(),
    /** What the provider answered, in codes. */
    answer: text(),
    /** The code of the mail system, or of the SMS provider, for why it did not arrive. */
    errorCode: text(),
    settledAt: timestamp({ withTimezone: true }),
    /** How it became known what became of the attempt: answer, callback, report or operator. */
    settledBy: text(),
  },
  (t) => [
    uniqueIndex('staff_messages_one_per_day').on(t.kind, t.staffId, t.day, t.channel, t.about),
    index('staff_messages_by_state').on(t.state, t.dueAt, t.id),
    index('staff_messages_by_round').on(t.kind, t.day, t.state),
  ],
);

/** What operators decided about messages to staff of which nobody could tell whether they went. */
export const staffMessageSettlements = pgTable(
  'staff_message_settlements',
  {
    id: uuid().primaryKey(),
    messageId: uuid()
      .notNull()
      .references(() => staffMessages.id),
    /** The attempt that was uncertain. */
    attemptId: uuid(),
    settledAs: text().notNull(),
    providerId: text(),
    note: text(),
    settledBy: text().notNull(),
    settledAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('staff_message_settlements_by_message').on(t.messageId)],
);
