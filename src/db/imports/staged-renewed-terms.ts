import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { confirmRenewal } from '../losses/renewal-check-records.ts';
import { renewals } from '../schema/renewals.ts';
import { within, type StagedLines } from './staged-term-records.ts';

type RenewedTerm = { policyId: string; newPolicyNumber: string };

/**
 * A later term of the same vehicle and cover says that the earlier one was renewed, as good as a report of the core system
 * (business.md, Eligibility). Open cases of it end by that, renewals by a person are confirmed.
 */
export async function markRenewedTerms(tx: Db, lines: StagedLines, importId: string): Promise<void> {
  const { rows } = await tx.execute<RenewedTerm>(sql`
    update policies earlier set renewed_as = later.policy_number
    from staged_terms s join policies later on later.policy_number = s.policy_number and later.starts_on = s.starts_on
    where ${within(lines)} and later.cancelled_on is null and earlier.id <> later.id and earlier.renewed_as is null
      and earlier.cover_type = later.cover_type and (earlier.vin = later.vin or earlier.plate = later.plate)
      and earlier.starts_on < later.starts_on and earlier.expires_on < later.expires_on
    returning earlier.id as "policyId", earlier.renewed_as as "newPolicyNumber"`);
  if (rows.length === 0) return;
  const key = `list.${importId}`;
  for (const { renewal, newPolicyNumber } of await casesOf(tx, rows)) {
    if (renewal.outcome === 'renewed') await confirmRenewal(tx, renewal, { key, newPolicyNumber });
    if (renewal.outcome === null) await journalise(tx, [reported(renewal.id, key)]);
  }
}

async function casesOf(tx: Db, terms: readonly RenewedTerm[]) {
  const numbers = new Map(terms.map(({ policyId, newPolicyNumber }) => [policyId, newPolicyNumber]));
  const isInQuestion = sql`(${renewals.outcome} is null or ${eq(renewals.outcome, 'renewed')})`;
  const found = await tx
    .select()
    .from(renewals)
    .where(and(inArray(renewals.policyId, [...numbers.keys()]), isInQuestion));
  return found.map((renewal) => ({ renewal, newPolicyNumber: numbers.get(renewal.policyId) ?? '' }));
}

function reported(chain: string, key: string) {
  return { chain, actor: 'core-system', event: 'reported:renewed', reason: 'later-term-in-a-list', inputs: { key } };
}
