import { desc, eq } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';

/** The agent whose leaving made an orphan of a case. */
export async function formerOwnerOf(tx: Db, renewalId: string): Promise<string | undefined> {
  const [last] = await tx
    .select({ agentId: handovers.agentId })
    .from(handoverItems)
    .innerJoin(handovers, eq(handovers.id, handoverItems.handoverId))
    .where(eq(handoverItems.renewalId, renewalId))
    .orderBy(desc(handovers.openedAt))
    .limit(1);
  return last?.agentId;
}
