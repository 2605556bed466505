import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import type { Day } from '../renewal/calendar.ts';
import { booksOf, type Books, type CaseCounts } from '../renewal/figures.ts';

/** Days of expiry, both included. */
export type Period = { from: Day; to: Day };

export type BookCut = 'branch' | 'team' | 'agent' | 'channel' | 'segment' | 'claims';

const cuts: Record<BookCut, SQL> = {
  branch: sql`r.branch_id`,
  team: sql`r.team_id`,
  agent: sql`r.owner_id`,
  channel: sql`p.channel`,
  segment: sql`r.segment`,
  claims: sql`case when p.claims_count = 0 then 'claim-free' else 'with-claims' end`,
};

type CutRow = CaseCounts & { cut: string | null };

/** The books of the cases that expire in a period (business.md, Figures). */
export async function readBooks(db: Db, period: Period): Promise<Books> {
  const { rows } = await db.execute<CutRow>(sql`select null as cut, ${counts} ${casesOf(period)}`);
  const { cut: _none, ...counted } = rows[0] as CutRow;
  return booksOf(counted);
}

/** The same books cut by one property of the cases, in its order; null gathers the cases without it. */
export async function readBooksBy(db: Db, period: Period, by: BookCut): Promise<(Books & { cut: string | null })[]> {
  const { rows } = await db.execute<CutRow>(
    sql`select ${cuts[by]} as cut, ${counts} ${casesOf(period)} group by 1 order by 1`,
  );
  return rows.map(({ cut, ...counted }) => ({ cut, ...booksOf(counted) }));
}

/** The lost book of a period by reason, the most frequent first; not renewable cases are outside the rate. */
export async function readLossReasons(
  db: Db,
  period: Period,
): Promise<{ reason: string; renewable: boolean; cases: number }[]> {
  const { rows } = await db.execute<{ reason: string; renewable: boolean; cases: number }>(sql`
    select coalesce(r.loss_reason, 'none') as reason, r.renewable, count(*)::int as cases ${casesOf(period)}
      and r.outcome = 'lost' group by 1, 2 order by 3 desc, 1`);
  return rows;
}

const counts = sql`count(*)::int as due,
  (count(*) filter (where r.outcome = 'renewed'))::int as renewed,
  (count(*) filter (where r.outcome = 'lost'))::int as lost,
  (count(*) filter (where r.outcome = 'lost' and not r.renewable))::int as "notRenewable",
  (count(*) filter (where r.outcome = 'orphan-handed-off'))::int as "handedOff",
  (count(*) filter (where r.outcome is null))::int as open`;

function casesOf({ from, to }: Period): SQL {
  return sql`from renewals r join policies p on p.id = r.policy_id where r.expires_on between ${from} and ${to}`;
}
