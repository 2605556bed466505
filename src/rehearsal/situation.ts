import { sql } from 'drizzle-orm';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import type { Instant } from '../renewal/calendar.ts';
import type { Period } from '../reporting/books.ts';

export type Counts = Record<string, number>;

/** Where the season stands; `notOpened` are terms that are neither a case nor left out. */
export type Situation = {
  now: Instant;
  notOpened: number;
  openByStage: Counts;
  closedByOutcome: Counts;
  messages: Counts;
  tasks: Counts;
};

type CountRow = { of: string; name: string; count: number };

export async function readSituation(db: Db, { from, to }: Period): Promise<Situation> {
  const [clock, { rows }] = await Promise.all([
    readClock(db),
    db.execute<CountRow>(sql`
      select case when outcome is null then 'stage' else 'outcome' end as of, coalesce(outcome, stage, 'waiting') as name,
        count(*)::int as count
      from renewals where expires_on between ${from} and ${to} group by 1, 2
      union all
      select 'message', state, count(*)::int from messages group by 2
      union all
      select 'task', state, count(*)::int from tasks group by 2
      union all
      select 'not-opened', '', count(*)::int from policies p left join renewals r on r.policy_id = p.id
      where p.expires_on between ${from} and ${to} and r.id is null and p.left_out_reason is null
        and p.cancelled_on is null`),
  ]);
  const countsOf = (of: string): Counts =>
    Object.fromEntries(rows.filter((row) => row.of === of).map(({ name, count }) => [name, count]));
  return {
    now: clock.now,
    notOpened: countsOf('not-opened')[''] ?? 0,
    openByStage: countsOf('stage'),
    closedByOutcome: countsOf('outcome'),
    messages: countsOf('message'),
    tasks: countsOf('task'),
  };
}

export function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many items carry each name; items without one are not counted. */
export function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string | undefined): Counts {
  const counts: Counts = {};
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
