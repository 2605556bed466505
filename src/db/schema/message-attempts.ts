import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { messages } from './messages.ts';

/** Every attempt of a message, one for each claim: what a provider says of an older one still finds its row. */
export const messageAttempts = pgTable(
  'message_attempts',
  {
    id: uuid().primaryKey(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id),
    /** How many attempts had been ordered on purpose when it began: above 0 it is one of those. */
    resends: integer().notNull().default(0),
    /** Which provider took it, or may have. */
    provider: text(),
    state: text().notNull().default('claimed'),
    reason: text(),
    /** How far the provider says it is, of all that it said what has the highest rank. */
    delivery: text(),
    providerId: text(),
    providerStatus: text(),
    errorCode: text(),
    /** What the provider answered, in codes. */
    answer: text(),
    settledBy: text(),
    claimedAt: timestamp({ withTimezone: true }).notNull(),
    settledAt: timestamp({ withTimezone: true }),
    /** Wall time, as the provider's list has it. */
    triedAt: timestamp({ withTimezone: true })
      .notNull()
      .default(sql`clock_timestamp()`),
    /** Wall time at which the provider is asked about it; null when nobody asks any more. */
    askAt: timestamp({ withTimezone: true }),
    asks: integer().notNull().default(0),
  },
  (t) => [
    index('message_attempts_by_message').on(t.messageId, t.claimedAt),
    index('message_attempts_by_provider_id')
      .on(t.providerId)
      .where(sql`${t.providerId} is not null`),
    index('message_attempts_to_ask_about')
      .on(t.askAt)
      .where(sql`${t.askAt} is not null`),
  ],
);

/** What providers called to tell, each word once however often it came; no address and no text. */
export const messageReceipts = pgTable(
  'message_receipts',
  {
    id: uuid().primaryKey(),
    attemptId: uuid()
      .notNull()
      .references(() => messageAttempts.id),
    providerId: text().notNull(),
    status: text().notNull(),
    /** Empty for none. */
    errorCode: text().notNull().default(''),
    receivedAt: timestamp({ withTimezone: true })
      .notNull()
      .default(sql`clock_timestamp()`),
    /** Null until its attempt has it. */
    appliedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('message_receipts_each_once').on(t.attemptId, t.providerId, t.status, t.errorCode),
    index('message_receipts_by_status').on(t.status),
    index('message_receipts_to_apply')
      .on(t.receivedAt)
      .where(sql`${t.appliedAt} is null`),
  ],
);
