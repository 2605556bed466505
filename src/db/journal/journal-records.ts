import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journal } from '../schema/journal.ts';
import { writeTogether, type Write } from '../write-together.ts';

/** Who or what did what to which case (or other chain), and by which rule; inputs are ids, codes and instants. */
export type JournalEntry = {
  chain: string;
  actor: string;
  event: string;
  reason: string;
  inputs?: Record<string, unknown>;
};

/** PostgreSQL takes 65,535 parameters in one statement. */
const entriesAtOnce = 5_000;

type NewEntry = typeof journal.$inferInsert;

/** What the trigger writes over. */
const byTrigger = { sequence: 0, at: new Date(0), recordedAt: new Date(0), previousHash: '', hash: '' };

/** One entry, for a statement that writes its effect too. */
export function entryOf({ inputs = {}, ...entry }: JournalEntry): Write {
  return { name: 'journal', query: insertEntry, values: { ...entry, inputs } };
}

function insertEntry(db: Db) {
  return db.insert(journal).values({
    chain: sql.placeholder('chain'),
    actor: sql.placeholder('actor'),
    event: sql.placeholder('event'),
    reason: sql.placeholder('reason'),
    inputs: sql.placeholder('inputs'),
    ...byTrigger,
  });
}

/** Appends entries; sequence, instants and hashes come from the database (a trigger), whatever is written here. */
export async function journalise(db: Db, entries: readonly JournalEntry[]): Promise<void> {
  const [first, ...more] = entries;
  if (!first) return;
  if (more.length === 0) return writeTogether(db, [entryOf(first)]);
  const rows = entries.map((entry): NewEntry => ({ ...entry, inputs: entry.inputs ?? {}, ...byTrigger }));
  for (let from = 0; from < rows.length; from += entriesAtOnce) {
    await db.insert(journal).values(rows.slice(from, from + entriesAtOnce));
  }
}
