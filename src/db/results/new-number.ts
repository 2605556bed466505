import { sql } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';

type Said = { id: string; recordedBy: string; newPolicyNumber: string | null };

/**
 * A new policy number that is the old one, or that stands for the renewal of another vehicle or cover, is told in the
 * journal and not refused: there are books that keep their numbers, and the core system's report settles what is true.
 */
export async function doubtNewNumber(tx: Db, { renewal, policy }: CaseSituation, said: Said): Promise<void> {
  const { id, recordedBy, newPolicyNumber } = said;
  if (newPolicyNumber === null) return;
  const isOld = newPolicyNumber === policy.policyNumber;
  const { rows } = await tx.execute<{ id: string }>(sql`
    select r.id from renewals r join policies p on p.id = r.policy_id
    where r.new_policy_number = ${newPolicyNumber} and r.outcome = 'renewed' and r.id <> ${renewal.id}
      and not (p.cover_type = ${policy.coverType} and coalesce(p.vin = ${policy.vin} or p.plate = ${policy.plate}, false))
    limit 1`);
  if (!isOld && rows.length === 0) return;
  const reason = isOld ? 'number-of-the-old-policy' : 'number-of-another-renewal';
  const entry = { chain: renewal.id, actor: recordedBy, event: 'new-number-doubted', reason };
  await journalise(tx, [{ ...entry, inputs: { resultId: id, other: rows[0]?.id ?? null } }]);
}
