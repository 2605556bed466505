import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { ContactResult } from '../../renewal/contact-result.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { contactResults } from '../schema/contact-results.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** What a case will come to once it takes a result that is stored, or a notice of the core system. */
export type Unheard = 'refusal' | 'close';

const closing: readonly ContactResult[] = ['renewed', 'not-renewable'];
const refusal: ContactResult = 'refused-contact';

const readUnheard = prepareOnce('results_to_take', (db) =>
  db
    .select({ result: contactResults.result })
    .from(contactResults)
    .innerJoin(renewals, eq(renewals.id, contactResults.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(
        eq(contactResults.state, 'received'),
        eq(policies.customerId, sql.placeholder('customerId')),
        or(
          eq(contactResults.result, refusal),
          and(inArray(contactResults.result, [...closing]), eq(renewals.id, sql.placeholder('renewalId'))),
        ),
      ),
    )
    .orderBy(asc(contactResults.id)),
);

/** Of a case the results that would close it, of all cases of its customer a refusal of contact, as long as nobody took them. */
export async function readResultsToTake(
  tx: Db,
  of: { customerId: string; renewalId: string },
): Promise<Unheard | undefined> {
  const rows = await readUnheard(tx, of);
  if (rows.some(({ result }) => result === refusal)) return 'refusal';
  return rows.length > 0 ? 'close' : undefined;
}
