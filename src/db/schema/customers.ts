import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Who holds policies. The key says which rows of a list mean the same person (see the list's format). */
export const customers = pgTable('customers', {
  id: uuid().primaryKey(),
  key: text().notNull().unique(),
  name: text().notNull(),
  phone: text(),
  email: text(),
  language: text().notNull().default('zh-CN'),
  tier: text(),
  smsConsent: boolean().notNull().default(false),
  emailConsent: boolean().notNull().default(false),
  smsOptedOutAt: timestamp({ withTimezone: true }),
  emailOptedOutAt: timestamp({ withTimezone: true }),
  doNotContactUntil: timestamp({ withTimezone: true }),
});
