import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import type { StagedTerm } from './staged-term-records.ts';

/** What a row names outside the branches of its sender. */
export type OutOfBounds = {
  line: number;
  field: 'branchId' | 'policyNumber' | 'agentId' | 'supervisorId' | 'specialistId';
};

/**
 * The rows that reach beyond these branches: of another branch, about a policy that another branch has, or naming people
 * of another branch, whom the list could mark as departed or give cases.
 */
export async function findOutOfBounds(
  db: Db,
  terms: readonly StagedTerm[],
  branches: readonly string[],
): Promise<OutOfBounds[]> {
  if (terms.length === 0) return [];
  const own = sql`${sql.param([...branches])}::text[]`;
  const isForeign = (number: string) => sql`exists (
    select from staff s where s.id = r.${sql.identifier(number)} and coalesce(s.branch_id <> all (${own}), true))`;
  const { rows } = await db.execute<OutOfBounds>(sql`
    select line, field from (
      select r.line, case
        when r.branch_id <> all (${own}) then 'branchId'
        when exists (select from policies p where p.policy_number = r.policy_number and p.starts_on = r.starts_on
          and p.branch_id <> all (${own})) then 'policyNumber'
        when ${isForeign('agent_id')} then 'agentId'
        when ${isForeign('supervisor_id')}
          or exists (select from teams t where t.id = r.supervisor_id and t.branch_id <> all (${own})) then 'supervisorId'
        when ${isForeign('specialist_id')} then 'specialistId' end as field
      from json_to_recordset(${JSON.stringify(terms.map(namedIn))}::json) as r (line integer, policy_number text,
        starts_on date, branch_id text, agent_id text, supervisor_id text, specialist_id text)) checked
    where field is not null`);
  return rows;
}

function namedIn({ line, term: { policyNumber, startsOn, owners } }: StagedTerm) {
  return {
    line,
    policy_number: policyNumber,
    starts_on: startsOn,
    branch_id: owners.branch.id,
    agent_id: owners.agent?.id,
    supervisor_id: owners.supervisor?.id,
    specialist_id: owners.specialist?.id,
  };
}
