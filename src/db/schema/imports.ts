import { boolean, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const imports = pgTable('imports', {
  id: uuid().primaryKey(),
  state: text().notNull(),
  format: text(),
  fileName: text().notNull(),
  fileSha256: text(),
  dryRun: boolean().notNull().default(false),
  rows: integer().notNull().default(0),
  accepted: integer().notNull().default(0),
  rejected: integer().notNull().default(0),
  /** Accepted rows that were new, changed a stored term, or said what was stored already. */
  created: integer().notNull().default(0),
  changed: integer().notNull().default(0),
  unchanged: integer().notNull().default(0),
  /** Why the whole file could not be read. */
  failure: text(),
  requestedBy: text().notNull(),
  requestedAt: timestamp({ withTimezone: true }).notNull(),
  finishedAt: timestamp({ withTimezone: true }),
});

export const importRejections = pgTable(
  'import_rejections',
  {
    id: uuid().primaryKey(),
    importId: uuid()
      .notNull()
      .references(() => imports.id),
    line: integer().notNull(),
    column: text().notNull(),
    reason: text().notNull(),
    /** The row as it was read, for the file to mend and send back. */
    row: text().array().notNull(),
  },
  (t) => [index('import_rejections_by_line').on(t.importId, t.line)],
);
