import { sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';

/** How many messages stand alike; `provider` is null before one took the attempt, `reason` where there is none. */
export type MessageCount = {
  state: string;
  channel: string;
  provider: string | null;
  reason: string | null;
  count: number;
};

export type LiveCounts = {
  renewals: { stage: string; outcome: string; count: number }[];
  messages: MessageCount[];
  receipts: { status: string; count: number }[];
  staffMessages: { state: string; kind: string; count: number }[];
  /** Business seconds since the oldest message of which nobody can tell was claimed; 0 when there is none. */
  oldestUncertainSeconds: number;
};

/**
 * How many cases stand where, messages in which state and why, and what providers reported; an open case has the outcome
 * `open`. One pass over the cases; messages, receipts and
 * what goes to staff are counted in an index each (docs/figures.md).
 */
export async function readLiveCounts(db: Db): Promise<LiveCounts> {
  const [cases, touches, receipts, nudges, oldest] = await Promise.all([
    db.execute<LiveCounts['renewals'][number]>(sql`
      select coalesce(stage, 'none') as stage, coalesce(outcome, 'open') as outcome, count(*)::int as count
      from renewals group by 1, 2`),
    db.execute<MessageCount>(sql`
      select state, channel, provider, reason, count(*)::int as count from messages group by 1, 2, 3, 4`),
    db.execute<LiveCounts['receipts'][number]>(sql`
      select status, count(*)::int as count from message_receipts group by 1`),
    db.execute<LiveCounts['staffMessages'][number]>(sql`
      select state, kind, count(*)::int as count from staff_messages group by 1, 2`),
    db.execute<{ seconds: number }>(sql`
      select greatest(0, extract(epoch from business_now() - coalesce(min(coalesce(claimed_at, due_at)), business_now())))::float8
        as seconds
      from messages where state in ('unknown', 'operator')`),
  ]);
  const oldestUncertainSeconds = oldest.rows[0]?.seconds ?? 0;
  const counted = { renewals: cases.rows, messages: touches.rows, receipts: receipts.rows, staffMessages: nudges.rows };
  return { ...counted, oldestUncertainSeconds };
}
