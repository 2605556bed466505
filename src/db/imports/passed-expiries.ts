import { sql } from 'drizzle-orm';
import type { Day } from '../../renewal/calendar.ts';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import type { Db } from '../connection.ts';
import type { StagedTerm } from './staged-term-records.ts';

/**
 * The lines that would move an open case to an expiry whose grace days have passed: the case would close at once, which
 * nobody who sends a list means to ask for. What the core system has overruled changes nothing and is no such line.
 */
export async function findPassedExpiries(db: Db, terms: readonly StagedTerm[], today: Day): Promise<number[]> {
  if (terms.length === 0) return [];
  const { rows } = await db.execute<{ line: number }>(sql`
    select said.line
    from json_to_recordset(${JSON.stringify(terms.map(expiryOf))}::json)
      as said (line integer, policy_number text, starts_on date, expires_on date)
    join policies p on p.policy_number = said.policy_number and p.starts_on = said.starts_on
    join renewals r on r.policy_id = p.id
    left join stage_plans plan on plan.version = plan_in_force(r.branch_id, r.segment)
    where r.outcome is null and r.expires_on <> said.expires_on
      and said.expires_on is distinct from p.expires_on_overruled
      and said.expires_on + coalesce((plan.content ->> 'graceDays')::int, ${defaultStagePlan.graceDays}) <= ${today}::date`);
  return rows.map(({ line }) => line);
}

function expiryOf({ line, term: { policyNumber, startsOn, expiresOn } }: StagedTerm) {
  return { line, policy_number: policyNumber, starts_on: startsOn, expires_on: expiresOn };
}
