import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { handoverItems, handovers } from '../db/schema/handovers.ts';
import { staff } from '../db/schema/organisation.ts';
import { handoversVisibleTo } from './scope/handovers.ts';
import type { Viewer } from './scope/viewer.ts';

/** What a hand-over is about: who left, how many cases wait for a decision, and until when; nothing for whoever may not see it. */
export async function readHandoverNews(db: Db, viewer: Viewer, handoverId: string) {
  const [row] = await db
    .select({
      formerOwner: staff.name,
      dueAt: handovers.dueAt,
      undecided: sql<number>`(select count(*) from ${handoverItems}
        where ${handoverItems.handoverId} = ${handovers.id} and ${handoverItems.state} = 'undecided')::int`,
    })
    .from(handovers)
    .innerJoin(staff, eq(staff.id, handovers.agentId))
    .where(and(eq(handovers.id, handoverId), handoversVisibleTo(viewer, db)));
  return row;
}
