import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import type { policies } from '../schema/policies.ts';

const remembered = '400 days';

/**
 * The newest case lost within 400 days of the same vehicle (VIN or plate) and cover; of the same customer where this
 * vehicle was never insured with us before. Null when nothing is won back (business.md, Words: win-back).
 */
export async function findLostCase(tx: Db, policy: typeof policies.$inferSelect): Promise<string | null> {
  const { id, vin, plate, coverType, customerId } = policy;
  const sameVehicle = sql`(p.vin = ${vin} or p.plate = ${plate})`;
  const { rows } = await tx.execute<{ id: string }>(sql`
    select r.id from renewals r join policies p on p.id = r.policy_id
    where r.outcome = 'lost' and r.renewable and r.closed_at > business_now() - ${remembered}::interval
      and p.id <> ${id} and p.cover_type = ${coverType}
      and p.id in (
        select id from policies where vin = ${vin} union select id from policies where plate = ${plate}
        union select id from policies where customer_id = ${customerId})
      and (coalesce(${sameVehicle}, false) or not exists (
        select 1 from policies p where p.id <> ${id} and p.cover_type = ${coverType} and ${sameVehicle}))
    order by coalesce(${sameVehicle}, false) desc, r.closed_at desc, r.id limit 1`);
  return rows[0]?.id ?? null;
}
