import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { renewals } from './renewals.ts';

/** One planned touch on one channel (promises.md, Sending a message). */
export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey(),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    touch: text().notNull(),
    channel: text().notNull(),
    /** Who in the customer's household or firm; never an address, so that a corrected phone sends nothing twice. */
    recipient: text().notNull().default('customer'),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    template: text().notNull(),
    state: text().notNull(),
    reason: text(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    latestAt: timestamp({ withTimezone: true }).notNull(),
    /** Until when a rule holds it back; it is late only after that. */
    heldUntil: timestamp({ withTimezone: true }),
    /** When its case had it answered without its going; the case does not come to it again. */
    cameToAt: timestamp({ withTimezone: true }),
    attemptId: uuid().unique(),
    claimedAt: timestamp({ withTimezone: true }),
    /** Why the attempt was made, for the journal entry that tells what became of it. */
    sentBecause: jsonb(),
    address: text(),
    subject: text(),
    body: text(),
    /** The version of its template and what stood in its variables: with the layout's number they give the page again. */
    templateVersion: integer(),
    rendering: jsonb(),
    /** How many parts an SMS is sent and paid in. */
    segments: integer(),
    /** Which provider took the attempt. */
    provider: text(),
    /** Providers that refused it for good, though not because of its recipient: no attempt goes to them. */
    refusedBy: text().array().notNull().default([]),
    providerId: text(),
    /** The provider's last word on it, as the provider names it. */
    providerStatus: text(),
    /** What the provider answered, in codes; shown with an unknown. */
    answer: text(),
    /** The provider's code for what went wrong after it was taken. */
    errorCode: text(),
    settledAt: timestamp({ withTimezone: true }),
    /** How it became known what became of the attempt: answer, callback, list, class or operator. */
    settledBy: text(),
    /** Attempts beyond the first that were ordered on purpose. */
    resends: integer().notNull().default(0),
  },
  (t) => [
    uniqueIndex('messages_one_per_touch').on(t.renewalId, t.touch, t.channel, t.recipient),
    index('messages_by_customer').on(t.customerId, t.claimedAt),
    // Since when a message is as old as its list says: its last claim, or its day while it has none.
    index('messages_by_age').on(t.state, sql`coalesce(${t.claimedAt}, ${t.dueAt})`, t.id),
    // Counts are read from here alone, without the rows.
    index('messages_by_standing').on(t.state, t.channel, t.provider, t.reason),
    index('messages_ordered_again')
      .on(t.id)
      .where(sql`${t.state} = 'planned' and ${t.resends} > 0`),
    index('messages_by_mailbox')
      .on(sql`lower(${t.address})`, t.claimedAt)
      .where(sql`${t.channel} = 'email'`),
    // Who was written to at a number that answers.
    index('messages_by_phone')
      .on(t.address, t.claimedAt)
      .where(sql`${t.channel} = 'sms'`),
  ],
);
