import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { journal } from '../db/schema/journal.ts';

/** One page of a case's journal in its order, after a sequence number (0 for the start); hashes are hexadecimal SHA-256. */
export function readJournal(db: Db, renewalId: string, page: { after: number; limit: number }) {
  return db
    .select()
    .from(journal)
    .where(and(eq(journal.chain, renewalId), gt(journal.sequence, page.after)))
    .orderBy(asc(journal.sequence))
    .limit(page.limit);
}
