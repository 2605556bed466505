import { and, eq, exists, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { caseThatSuppressed } from '../../db/customers/suppressed-records.ts';
import { policies } from '../../db/schema/policies.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { suppressedAddresses } from '../../db/schema/suppressed-addresses.ts';
import { renewalsVisibleTo } from './renewals.ts';
import type { Viewer } from './viewer.ts';

/**
 * The suppressed addresses somebody may see, as a condition on `suppressed_addresses`: those that a case of theirs brought,
 * and those that are not their customers'.
 */
export function suppressedVisibleTo(viewer: Viewer, db: Db): SQL {
  const isTheirs = or(eq(renewals.id, caseThatSuppressed), eq(policies.customerId, suppressedAddresses.customerId));
  return exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .innerJoin(policies, eq(policies.id, renewals.policyId))
      .where(and(isTheirs, renewalsVisibleTo(viewer))),
  );
}
