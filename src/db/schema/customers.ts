import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * Who holds policies. The key says which rows of a list mean the same person (see the list's format). Consents are what holds
 * now, by channel and purpose; how it came about is in `consents`.
 */
export const customers = pgTable(
  'customers',
  {
    id: uuid().primaryKey(),
    key: text().notNull().unique(),
    name: text().notNull(),
    phone: text(),
    email: text(),
    language: text().notNull().default('zh-CN'),
    tier: text(),
    /** The IANA zone in which they live, where a list says so; else the country of their phone tells. */
    timeZone: text(),
    /** To renewal reminders. */
    smsConsent: boolean().notNull().default(false),
    emailConsent: boolean().notNull().default(false),
    /** To service notices. */
    smsNoticeConsent: boolean().notNull().default(false),
    emailNoticeConsent: boolean().notNull().default(false),
    /** From then on no SMS at all, whatever a list says. */
    smsOptedOutAt: timestamp({ withTimezone: true }),
    /** From then on no renewal reminder by e-mail, whatever a list says. */
    emailOptedOutAt: timestamp({ withTimezone: true }),
    doNotContactUntil: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('customers_by_phone')
      .on(t.phone)
      .where(sql`${t.phone} is not null`),
    index('customers_by_mailbox')
      .on(sql`lower(${t.email})`)
      .where(sql`${t.email} is not null`),
    index('customers_left_alone')
      .on(t.doNotContactUntil)
      .where(sql`${t.doNotContactUntil} is not null`),
  ],
);
