import { and, inArray, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { customers } from '../schema/customers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** That the customer of a case may not be called or written to now, as a condition on `renewals`; see `isLeftAlone`. */
export const isLeftAloneNow = sql`(${renewals.refusedContactAt} is not null or exists (
  select 1 from ${policies} join ${customers} on ${customers.id} = ${policies.customerId}
  where ${policies.id} = ${renewals.policyId} and ${customers.doNotContactUntil} > business_now()))`;

/** Those of the cases whose customers are left alone. */
export async function casesLeftAlone(db: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(inArray(renewals.id, [...ids]), isLeftAloneNow));
  return rows.map(({ id }) => id);
}
