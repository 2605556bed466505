import { and, desc, isNotNull, sql } from 'drizzle-orm';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { customers } from '../schema/customers.ts';
import { normalAddress } from './suppressed-records.ts';

/**
 * The customer `customerId` and everybody else who has the `address`, a phone or a mailbox in its normal form: one person may
 * stand in the lists under several names, and under none that are told apart where the phone is missing. An array, because it
 * is found once, by index, before what it selects.
 */
export const reachedAlike = sql`array(select ${sql.placeholder('customerId')}::uuid
  union all select ${customers.id} from ${customers} where ${customers.phone} = ${sql.placeholder('address')}
  union all select ${customers.id} from ${customers} where lower(${customers.email}) = ${sql.placeholder('address')})`;

/** The form in which addresses are compared; null, which nobody shares, where there is none. */
export function comparedAddress(channel: string, address: string | null): string | null {
  return address === null ? null : normalAddress(channel as Channel, address);
}

/** Until when one of them wants no contact. */
export function leftAloneUntil(db: Db) {
  return db
    .select({ until: customers.doNotContactUntil })
    .from(customers)
    .where(and(sql`${customers.id} = any(${reachedAlike})`, isNotNull(customers.doNotContactUntil)))
    .orderBy(desc(customers.doNotContactUntil))
    .limit(1);
}
