import { index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { messages } from './messages.ts';

/** Addresses to which nothing is sent until somebody lifts that; the same person with another address is written to again. */
export const suppressedAddresses = pgTable(
  'suppressed_addresses',
  {
    id: uuid().primaryKey(),
    channel: text().notNull(),
    /** As messages are sent to it: E.164, or an e-mail address in lower case. */
    address: text().notNull(),
    /** Whose address it is not (a wrong number); empty where it is nobody's. */
    customerId: uuid().references(() => customers.id),
    reason: text().notNull(),
    /** The provider's or the mail system's own code, where one told. */
    code: text(),
    /** The message that failed, or else the contact result that says so. */
    messageId: uuid().references(() => messages.id),
    resultId: uuid(),
    since: timestamp({ withTimezone: true }).notNull(),
    /** Since when messages go there again, because somebody said so; it may be suppressed again after that. */
    liftedAt: timestamp({ withTimezone: true }),
    liftedBy: text(),
    liftReason: text(),
  },
  (t) => [
    unique('suppressed_addresses_once').on(t.channel, t.address, t.customerId).nullsNotDistinct(),
    index('suppressed_addresses_by_customer').on(t.customerId),
    index('suppressed_addresses_by_age').on(t.since, t.id),
  ],
);
