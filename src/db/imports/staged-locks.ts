import { inArray, sql } from 'drizzle-orm';
import { lockCasesWhere } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { renewals } from '../schema/renewals.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/**
 * Locks what merging these lines may change, in the order of docs/architecture.md, Locks: first the cases, then the
 * customers, so that a claim that holds its case never waits for a list that waits for the case.
 */
export async function lockStaged(tx: Db, lines: StagedLines): Promise<void> {
  await lockCasesWhere(
    tx,
    inArray(
      renewals.id,
      sql`(
        select r.id from staged_terms s
        join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
        join renewals r on r.policy_id = p.id
        where ${within(lines)} and r.outcome is null and (r.expires_on <> s.expires_on or s.fleet_number is not null)
        union all ${casesOfEarlierTerms(lines, 'vin')}
        union all ${casesOfEarlierTerms(lines, 'plate')})`,
    ),
  );
  await tx.execute(sql`
    select c.id from customers c where c.id in (
      select named.id from staged_terms s join customers named on named.key = s.customer_key where ${within(lines)}
      union all
      select p.customer_id from staged_terms s
      join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on where ${within(lines)})
    order by c.id for no key update`);
}

/** Cases of terms that a line may say were renewed; a vehicle that only the book knows is not looked for. */
function casesOfEarlierTerms(lines: StagedLines, column: 'vin' | 'plate') {
  const name = sql.raw(column);
  return sql`
    select r.id from staged_terms s
    join policies earlier on earlier.${name} = s.${name} and earlier.cover_type = s.cover_type
      and earlier.renewed_as is null and earlier.starts_on < s.starts_on and earlier.expires_on < s.expires_on
    join renewals r on r.policy_id = earlier.id
    where ${within(lines)} and s.cancelled_on is null`;
}
