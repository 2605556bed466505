import { sql } from 'drizzle-orm';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import type { Db } from '../../src/db/connection.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';

/** Open cases of customers of their own, each with one SMS that is due since 2027-03-16 09:30; `PX7` is the seventh. */
export async function planManyMessages(db: Db, count: number): Promise<string[]> {
  await publishDefaultPlan(db);
  await db.insert(branches).values({ id: '3701', name: '济南分公司' });
  await db.insert(staff).values({ id: 'A1', name: '李四', roles: ['agent'], branchId: '3701' });
  const turns = sql`generate_series(1, ${count}::int) as turn`;
  const id = (kind: number) =>
    sql`('00000000-0000-7000-800${sql.raw(String(kind))}-' || lpad(turn::text, 12, '0'))::uuid`;
  await db.execute(sql`insert into customers (id, key, name, phone, sms_consent, email_consent)
    select ${id(1)}, 'K' || turn, '王芳', '+86138' || lpad(turn::text, 8, '0'), true, true from ${turns}`);
  await db.execute(sql`insert into policies
      (id, policy_number, starts_on, expires_on, term_days, cover_type, plate, premium, branch_id, agent_id, customer_id)
    select ${id(2)}, 'PX' || turn, '2026-04-01', '2027-03-31', 365, 'commercial', '鲁B' || lpad(turn::text, 5, '0'), 5418.68,
      '3701', 'A1', ${id(1)} from ${turns}`);
  await db.execute(sql`insert into renewals
      (id, policy_id, segment, priority, branch_id, owner_id, expires_on, opened_at, plan_version, stage)
    select 'renewal.PX' || turn, ${id(2)}, 'claim-free', 10, '3701', 'A1', '2027-03-31', '2027-01-30T01:00:00Z', 1,
      'intensive-chase' from ${turns}`);
  await db.execute(sql`insert into messages
      (id, renewal_id, touch, channel, customer_id, template, state, due_at, latest_at)
    select ${id(3)}, 'renewal.PX' || turn, 't-15', 'sms', ${id(1)}, 'expiry-near', 'planned', '2027-03-16T01:30:00Z',
      '2027-03-17T01:30:00Z' from ${turns}`);
  return Array.from({ length: count }, (_, turn) => `renewal.PX${turn + 1}`);
}
