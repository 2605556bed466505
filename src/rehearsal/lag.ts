import { sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { horizonDays } from '../renewal/eligibility.ts';
import { defaultStagePlan } from '../renewal/default-stage-plan.ts';
import type { Period } from '../reporting/books.ts';

/** What is furthest behind its planned instant, and by how many business hours. */
export type Lag = { hours: number; what: string };

const hourSeconds = 3_600;
// The whole spread of a day's openings has passed by then.
const openingsEnd = defaultStagePlan.sendingWindow.fromMinute + defaultStagePlan.spreadMinutes;

/**
 * How late the timers are: stages, closes and second rounds whose instant has passed, messages that are due, cases and
 * policies that should have opened. What a rule holds back (a pause, a cap) is not late.
 */
export async function readLag(db: Db, period: Period, zone: string): Promise<Lag> {
  const opening = (expiresOn: ReturnType<typeof sql>) =>
    sql`(${expiresOn} - ${horizonDays}::int + ${openingsEnd}::int * interval '1 minute') at time zone ${zone}`;
  const { rows } = await db.execute<{ seconds: number; what: string }>(sql`
    with behind as (
      select r.id as what, case
        when r.second_round_due_at is not null then r.second_round_due_at
        when r.stage is null then ${opening(sql`r.expires_on`)}
        when r.stage = 'wrap-up' then r.stage_ends_at + ${defaultStagePlan.graceDays}::int * interval '1 day'
        else r.stage_ends_at end as due_at
      from renewals r where r.outcome is null
      union all
      select 'message ' || m.touch || ' of ' || m.renewal_id, greatest(m.due_at, m.held_until)
      from messages m join renewals r on r.id = m.renewal_id
      where m.state = 'planned' and greatest(m.due_at, m.held_until) < business_now() and m.latest_at > business_now()
        and r.outcome is null and r.second_round_due_at is null and r.orphaned_at is null
        and not exists (select from contact_results c where c.renewal_id = r.id and c.kind = 'second-round')
      union all
      select 'opening of ' || p.policy_number, ${opening(sql`p.expires_on`)}
      from policies p left join renewals r on r.policy_id = p.id
      where p.expires_on between ${period.from} and ${period.to} and r.id is null
        and p.left_out_reason is null and p.cancelled_on is null
    )
    select extract(epoch from business_now() - due_at)::float8 as seconds, what
    from behind where due_at < business_now() order by due_at limit 1`);
  const [worst] = rows;
  return { hours: worst ? worst.seconds / hourSeconds : 0, what: worst?.what ?? '' };
}
