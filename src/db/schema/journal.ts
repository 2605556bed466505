import { integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Append-only, hash-chained per case; sequence, instants and hashes are set by the database. */
export const journal = pgTable(
  'journal',
  {
    chain: text().notNull(),
    sequence: integer().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    recordedAt: timestamp({ withTimezone: true }).notNull(),
    actor: text().notNull(),
    event: text().notNull(),
    reason: text().notNull(),
    inputs: jsonb().notNull(),
    previousHash: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.sequence] })],
);

/** The last entry of each chain, kept by the journal's trigger: it tells that a tail or a whole chain is gone. */
export const journalHeads = pgTable('journal_heads', {
  chain: text().primaryKey(),
  sequence: integer().notNull(),
  hash: text().notNull(),
});
