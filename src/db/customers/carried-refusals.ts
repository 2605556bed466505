import { sql, type SQL } from 'drizzle-orm';

/**
 * That a customer is this one, or the same person under another number or spelling to whom a list carried the refusal of
 * contact that holds for this one (src/db/imports/staged-customer-records.ts), as a condition on `customers`.
 */
export function hasCarriedRefusalOf(customerId: string): SQL {
  return sql`customers.id in (
    select ${customerId}::uuid
    union all select k.id from customers own join customers k on k.do_not_contact_until = own.do_not_contact_until
    where own.id = ${customerId} and (k.name = own.name or k.phone = own.phone))`;
}
