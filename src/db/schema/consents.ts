import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/**
 * Every word on what a customer may be sent, append-only: who said it when, where the proof lies. What holds now stands
 * with the customer.
 */
export const consents = pgTable(
  'consents',
  {
    id: uuid().primaryKey(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    channel: text().notNull(),
    purpose: text().notNull(),
    /** given, withdrawn, opted-out or opted-in. */
    state: text().notNull(),
    source: text().notNull(),
    /** A code or id of the proof, never a text: the number of a recording, a form or a message. */
    evidence: text(),
    /** The case through which somebody recorded it. */
    renewalId: text().references(() => renewals.id),
    recordedBy: text().references(() => staff.id),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('consents_by_customer').on(t.customerId, t.channel, t.purpose, t.at)],
);

/** What customers wrote to us, once each; number and text are personal data and stay here. */
export const inboundMessages = pgTable(
  'inbound_messages',
  {
    /** The provider's id: the same message called in twice is one. */
    id: text().primaryKey(),
    provider: text().notNull(),
    sender: text().notNull(),
    recipient: text().notNull(),
    body: text().notNull(),
    /** What it was read as, and whether a person has to read it. */
    meaning: text().notNull(),
    certain: boolean().notNull(),
    receivedAt: timestamp({ withTimezone: true }).notNull(),
    /** Wall time; null until what it says was done. The release before acts as it stores, and does not know the column. */
    appliedAt: timestamp({ withTimezone: true }).default(sql`now()`),
  },
  (t) => [
    index('inbound_messages_by_sender').on(t.sender),
    index('inbound_messages_to_apply')
      .on(t.receivedAt)
      .where(sql`${t.appliedAt} is null`),
  ],
);

/** The customers who have the number that wrote; several share one. */
export const inboundSenders = pgTable(
  'inbound_senders',
  {
    messageId: text()
      .notNull()
      .references(() => inboundMessages.id),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.customerId] }), index('inbound_senders_by_customer').on(t.customerId)],
);
