import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { handoverItems, handovers } from '../db/schema/handovers.ts';
import { staff } from '../db/schema/organisation.ts';

/** What a hand-over is about: who left, how many cases wait for a decision, and until when; nothing for an unknown one. */
export async function readHandoverNews(db: Db, handoverId: string) {
  const [row] = await db
    .select({
      formerOwner: staff.name,
      dueAt: handovers.dueAt,
      undecided: sql<number>`(select count(*) from ${handoverItems}
        where ${handoverItems.handoverId} = ${handovers.id} and ${handoverItems.state} = 'undecided')::int`,
    })
    .from(handovers)
    .innerJoin(staff, eq(staff.id, handovers.agentId))
    .where(eq(handovers.id, handoverId));
  return row;
}
