import { sql } from 'drizzle-orm';
import { RenewalError } from '../../renewal/errors.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';

/**
 * A new policy number stands for one renewal: it is not the one that expires, and no other vehicle or cover was renewed
 * under it. Whoever asks about one number at once is answered in turn. Throws `new-number-is-old` and `new-number-taken`.
 */
export async function requireNewNumber(
  tx: Db,
  { renewal, policy }: CaseSituation,
  newPolicyNumber: string | undefined,
): Promise<void> {
  if (newPolicyNumber === undefined) return;
  if (newPolicyNumber === policy.policyNumber) {
    throw new RenewalError('new-number-is-old', 'Is the number of the policy that expires; say the new one');
  }
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`new-number/${newPolicyNumber}`}, 0))`);
  const { rows } = await tx.execute(sql`
    select from (
      select id from renewals where new_policy_number = ${newPolicyNumber} and outcome = 'renewed'
      union all
      select r.id from contact_results said join renewals r on r.id = said.renewal_id
      where said.new_policy_number = ${newPolicyNumber} and said.state in ('received', 'applied') and r.outcome is null
    ) taken join renewals r on r.id = taken.id join policies p on p.id = r.policy_id
    where r.id <> ${renewal.id} and not (p.cover_type = ${policy.coverType}
      and coalesce(p.vin = ${policy.vin} or p.plate = ${policy.plate}, false)) limit 1`);
  if (rows.length === 0) return;
  throw new RenewalError('new-number-taken', 'Another vehicle or cover was renewed with this new policy number.');
}
