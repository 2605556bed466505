import { sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';

export type LiveCounts = {
  renewals: { stage: string; outcome: string; count: number }[];
  messages: { channel: string; state: string; count: number }[];
};

/** How many cases stand where, and messages in which state; an open case has the outcome `open`. One pass over each table. */
export async function readLiveCounts(db: Db): Promise<LiveCounts> {
  const [cases, touches] = await Promise.all([
    db.execute<LiveCounts['renewals'][number]>(sql`
      select coalesce(stage, 'none') as stage, coalesce(outcome, 'open') as outcome, count(*)::int as count
      from renewals group by 1, 2`),
    db.execute<LiveCounts['messages'][number]>(sql`
      select channel, state, count(*)::int as count from messages group by 1, 2`),
  ]);
  return { renewals: cases.rows, messages: touches.rows };
}
