import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import { contactResults as allResults, isEffectiveContact } from '../../renewal/contact-result.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { contactResults } from '../schema/contact-results.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import type { VehicleKey } from '../messages/message-records.ts';

/** A result that tells of a conversation with the customer: with whom, about which case, when. */
export type EffectiveContact = VehicleKey & {
  renewalId: string;
  fleetId: string | null;
  recordedBy: string;
  contactedAt: Instant;
};

const effective = allResults.filter(isEffectiveContact);
/** A result that came after the close tells of a conversation too; one that was refused or struck out does not. */
const standing = ['received', 'applied', 'late'];

const contactedAt = sql`coalesce(${contactResults.occurredAt}, ${contactResults.recordedAt})`;

const theseCustomers = sql`${sql.placeholder('customerIds')}::uuid[]`;

/**
 * The effective contacts of some customers, who are `customerIds` unless told otherwise, `since` an instant, in the order in
 * which they took place.
 */
export function effectiveContacts(db: Db, whose = theseCustomers) {
  return db
    .select({
      customerId: policies.customerId,
      renewalId: renewals.id,
      fleetId: renewals.fleetId,
      plate: policies.plate,
      vin: policies.vin,
      recordedBy: contactResults.recordedBy,
      occurredAt: contactResults.occurredAt,
      recordedAt: contactResults.recordedAt,
    })
    .from(contactResults)
    .innerJoin(renewals, eq(renewals.id, contactResults.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(
        sql`${policies.customerId} = any(${whose})`,
        inArray(contactResults.result, effective),
        inArray(contactResults.state, standing),
        sql`${contactedAt} >= ${sql.placeholder('since')}::timestamptz`,
      ),
    )
    .orderBy(contactedAt, asc(contactResults.id));
}

const readEffective = prepareOnce('effective_contacts', effectiveContacts);

/** The effective contacts of customers since an instant, over all policies, in the order in which they took place. */
export async function effectiveContactsOf(
  tx: Db,
  customerIds: readonly string[],
  since: Instant,
): Promise<(EffectiveContact & { customerId: string })[]> {
  const rows = await readEffective(tx, { customerIds: [...customerIds], since: new Date(since).toISOString() });
  return rows.map(({ occurredAt, recordedAt, ...row }) => ({
    ...row,
    contactedAt: (occurredAt ?? recordedAt).getTime(),
  }));
}
