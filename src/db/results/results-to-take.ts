import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { ContactResult } from '../../renewal/contact-result.ts';
import type { Db } from '../connection.ts';
import { reachedAlike } from '../customers/reached-alike.ts';
import { contactResults } from '../schema/contact-results.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** What a case will come to once it takes a result that is stored, or a notice of the core system. */
export type Unheard = 'refusal' | 'close';

const closing: readonly ContactResult[] = ['renewed', 'not-renewable'];
const refusal: ContactResult = 'refused-contact';

/**
 * Of the case `renewalId` the results that would close it, of all cases of whoever is reached alike a refusal of
 * contact, as long as nobody took them.
 */
export function resultsToTake(db: Db) {
  return db
    .select({ result: contactResults.result })
    .from(contactResults)
    .innerJoin(renewals, eq(renewals.id, contactResults.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(
        eq(contactResults.state, 'received'),
        sql`${policies.customerId} = any(${reachedAlike})`,
        or(
          eq(contactResults.result, refusal),
          and(inArray(contactResults.result, [...closing]), eq(renewals.id, sql.placeholder('renewalId'))),
        ),
      ),
    )
    .orderBy(asc(contactResults.id));
}

/** What such results come to. */
export function unheardIn(rows: readonly { result: string }[]): Unheard | undefined {
  if (rows.some(({ result }) => result === refusal)) return 'refusal';
  return rows.length > 0 ? 'close' : undefined;
}
