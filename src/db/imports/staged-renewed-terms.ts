import { inArray, sql } from 'drizzle-orm';
import { addDays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { lockCasesWhere } from '../cases/case-locks.ts';
import { readPlanInForce } from '../cases/plan-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { confirmRenewal } from '../losses/renewal-check-records.ts';
import { renewLostCase } from '../results/renew-lost-case.ts';
import { renewals } from '../schema/renewals.ts';
import { within, type StagedLines } from './staged-term-records.ts';

type RenewedTerm = { policyId: string; newPolicyNumber: string; renewedFrom: Day };
/** `today` is the business day of the list. */
type Present = { today: Day; calendar: Calendar };
type RenewalRow = typeof renewals.$inferSelect;

/**
 * A later term of the same vehicle and cover says that the earlier one was renewed, as good as a report of the core system
 * (business.md, Eligibility). Open cases of it end by that, renewals by a person are confirmed, losses were none.
 */
export async function markRenewedTerms(
  tx: Db,
  lines: StagedLines,
  { importId, ...present }: Present & { importId: string },
): Promise<void> {
  const { rows } = await tx.execute<RenewedTerm>(sql`
    update policies earlier set renewed_as = later.policy_number
    from staged_terms s join policies later on later.policy_number = s.policy_number and later.starts_on = s.starts_on
    where ${within(lines)} and later.cancelled_on is null and earlier.id <> later.id and earlier.renewed_as is null
      and earlier.cover_type = later.cover_type and (earlier.vin = later.vin or earlier.plate = later.plate)
      and earlier.starts_on < later.starts_on and earlier.expires_on < later.expires_on
    returning earlier.id as "policyId", earlier.renewed_as as "newPolicyNumber", later.starts_on::text as "renewedFrom"`);
  if (rows.length === 0) return;
  const key = `list.${importId}`;
  for (const { renewal, term } of await casesOf(tx, rows)) {
    const { newPolicyNumber } = term;
    if (renewal.outcome === 'renewed') await confirmRenewal(tx, renewal, { key, newPolicyNumber });
    else await journalise(tx, [reported(renewal.id, key)]);
    if (renewal.outcome === 'lost') await renewIfSeamless(tx, renewal, { term, ...present });
  }
}

/** A customer who comes back after the grace days is won back, not renewed (business.md, Words). */
async function renewIfSeamless(
  tx: Db,
  lost: RenewalRow,
  { term, today, calendar }: Present & { term: RenewedTerm },
): Promise<void> {
  const { plan } = await readPlanInForce(tx, lost);
  const { newPolicyNumber, renewedFrom } = term;
  if (renewedFrom > addDays(lost.expiresOn, plan.graceDays)) return;
  const early = today < addDays(lost.expiresOn, -plan.bindOpensDaysBefore);
  await renewLostCase(tx, lost, { newPolicyNumber, early, reason: 'later-term-in-a-list', calendar });
}

async function casesOf(tx: Db, terms: readonly RenewedTerm[]): Promise<{ renewal: RenewalRow; term: RenewedTerm }[]> {
  const byPolicy = new Map(terms.map((term) => [term.policyId, term]));
  const ofTerms = inArray(renewals.policyId, [...byPolicy.keys()]);
  await lockCasesWhere(tx, ofTerms);
  const found = await tx.select().from(renewals).where(ofTerms);
  return found.flatMap((renewal) => {
    const term = byPolicy.get(renewal.policyId);
    return term ? [{ renewal, term }] : [];
  });
}

function reported(chain: string, key: string) {
  return { chain, actor: 'core-system', event: 'reported:renewed', reason: 'later-term-in-a-list', inputs: { key } };
}
