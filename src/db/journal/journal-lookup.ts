import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journal } from '../schema/journal.ts';

/** Whether the journal of a chain has the event of this request already, so that a retry changes nothing again. */
export async function isJournalled(
  db: Db,
  { chain, event, id }: { chain: string; event: string; id: string },
): Promise<boolean> {
  const known = and(eq(journal.chain, chain), eq(journal.event, event), sql`${journal.inputs} ->> 'id' = ${id}`);
  return (await db.$count(journal, known)) > 0;
}
