import { integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Versions of what an admin tunes besides stage plans; the newest is in force. */
export const settings = pgTable(
  'settings',
  {
    name: text().notNull(),
    version: integer().notNull(),
    content: jsonb().notNull(),
    changedBy: text().notNull(),
    changedAt: timestamp({ withTimezone: true }).notNull(),
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.name, t.version] })],
);
