import { sql } from 'drizzle-orm';
import { check, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

/** Liquid sources of one message; `email` is written in paragraphs (docs/templates.md). */
export type TemplateContent = {
  sms: string;
  subject: string;
  email: string;
  /** Under which code a provider that takes no free text has approved the SMS, by the provider's name. */
  providerTemplates?: Record<string, string>;
};

/** Versions of the message texts, counted within a key and language; 0 is the text that ships. What one says never changes. */
export const templates = pgTable(
  'templates',
  {
    /** Of the request that drafted it. */
    id: uuid().primaryKey(),
    key: text().notNull(),
    language: text().notNull(),
    version: integer().notNull(),
    state: text().$type<'draft' | 'approved' | 'retired'>().notNull(),
    content: jsonb().$type<TemplateContent>().notNull(),
    /** The version that was in force when it was written. */
    basedOn: integer().notNull(),
    note: text(),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    approvedBy: text(),
    approvedAt: timestamp({ withTimezone: true }),
    retiredBy: text(),
    retiredAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('templates_one_per_version').on(t.key, t.language, t.version),
    check('templates_counted_from_one', sql`${t.version} > 0`),
    check(
      'templates_approved_by_a_second_person',
      sql`(${t.state} <> 'approved' or ${t.approvedBy} is not null) and (${t.approvedBy} is null or ${t.approvedBy} <> ${t.createdBy})`,
    ),
  ],
);
