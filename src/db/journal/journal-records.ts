import type { Db } from '../connection.ts';
import { journal } from '../schema/journal.ts';

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

/** Appends entries; sequence, instants and hashes come from the database (a trigger), whatever is written here. */
export async function journalise(db: Pick<Db, 'insert'>, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const epoch = new Date(0);
  const rows = entries.map((entry): NewEntry => ({
    ...entry,
    inputs: entry.inputs ?? {},
    sequence: 0,
    at: epoch,
    recordedAt: epoch,
    previousHash: '',
    hash: '',
  }));
  for (let from = 0; from < rows.length; from += entriesAtOnce) {
    await db.insert(journal).values(rows.slice(from, from + entriesAtOnce));
  }
}
