import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import type { HandoverItem } from './handover-records.ts';
import { handoverItems } from '../schema/handovers.ts';

/** Items whose case has not heard of their newest state. */
export async function unnotifiedItems(db: Db, handoverId: string, limit: number): Promise<HandoverItem[]> {
  return db
    .select()
    .from(handoverItems)
    .where(
      and(
        eq(handoverItems.handoverId, handoverId),
        isNull(handoverItems.notifiedAt),
        ne(handoverItems.state, 'closed'),
      ),
    )
    .orderBy(handoverItems.renewalId)
    .limit(limit);
}

/** Marks that a case has heard of an item's state, unless that was decided anew since it was read. */
export async function markNotified(db: Db, item: HandoverItem): Promise<void> {
  // What was read is in milliseconds, what is stored in microseconds.
  const isTheSame = sql`date_trunc('milliseconds', ${handoverItems.decidedAt}) is not distinct from ${item.decidedAt?.toISOString() ?? null}::timestamptz`;
  await db
    .update(handoverItems)
    .set({ notifiedAt: sql`business_now()` })
    .where(
      and(
        eq(handoverItems.handoverId, item.handoverId),
        eq(handoverItems.renewalId, item.renewalId),
        eq(handoverItems.state, item.state),
        isTheSame,
      ),
    );
}
