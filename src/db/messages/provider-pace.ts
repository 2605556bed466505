import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';

export type Turn = { kind: 'turn'; inMs: number } | { kind: 'crowded' };

/**
 * The next turn at a provider that may be asked so often a second, over all workers: one row hands out instants that lie
 * apart, by PostgreSQL's clock. Nobody gets a turn that is further away than their patience (wall ms).
 */
export async function takeTurn(
  db: Db,
  { provider, perSecond, patienceMs }: { provider: string; perSecond: number; patienceMs: number },
): Promise<Turn> {
  const apart = sql`make_interval(secs => ${1 / perSecond})`;
  const { rows } = await db.execute<{ in_ms: string }>(sql`
    insert into provider_paces as pace (provider, next_at) values (${provider}, clock_timestamp() + ${apart})
    on conflict (provider) do update set next_at = greatest(pace.next_at, clock_timestamp()) + ${apart}
      where pace.next_at <= clock_timestamp() + make_interval(secs => ${patienceMs / 1_000})
    returning extract(epoch from next_at - ${apart} - clock_timestamp()) * 1000 as in_ms`);
  const [row] = rows;
  return row ? { kind: 'turn', inMs: Math.max(0, Number(row.in_ms)) } : { kind: 'crowded' };
}
