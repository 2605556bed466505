import { and, asc, eq, exists, gt, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { journal } from '../db/schema/journal.ts';
import { renewals } from '../db/schema/renewals.ts';
import { explanationOf } from './explanation-of.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

/**
 * One page of a case's journal in its order, after a sequence number (0 for the start), if the viewer may see the case;
 * hashes are hexadecimal SHA-256. Each entry has its explanation, null where it is no decision of the case, or an older one
 * that did not say what it rests on.
 */
export async function readJournal(
  db: Db,
  viewer: Viewer,
  { renewalId, after, limit }: { renewalId: string; after: number; limit: number },
) {
  const ofSeenCase = exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.id, renewalId), renewalsVisibleTo(viewer))),
  );
  const entries = await db
    .select()
    .from(journal)
    .where(and(eq(journal.chain, renewalId), gt(journal.sequence, after), ofSeenCase))
    .orderBy(asc(journal.sequence))
    .limit(limit);
  return entries.map((entry) => ({ ...entry, explanation: explanationOf(entry.inputs) }));
}
