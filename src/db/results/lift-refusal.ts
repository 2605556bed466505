import { and, eq, gt, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import type { ResultRow } from './result-records.ts';
import { customers } from '../schema/customers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

/**
 * Takes a mistaken refusal of contact back: the customer is left alone only as long as another refusal says so, the
 * supervisor's one task goes, and work that fell away comes back. What was not sent meanwhile stays unsent.
 */
export async function liftRefusal(tx: Db, situation: CaseSituation, struck: ResultRow): Promise<CaseSituation> {
  const { policy } = situation;
  const [lifted] = await tx
    .update(customers)
    .set({ doNotContactUntil: otherRefusalOf(policy.customerId, struck.id) })
    .where(and(eq(customers.id, policy.customerId), eq(customers.doNotContactUntil, monthsLater(struck))))
    .returning({ until: customers.doNotContactUntil });
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(eq(tasks.key, `${struck.renewalId}/do-not-contact-review/${struck.id}`), eq(tasks.state, 'open')));
  if (!lifted || lifted.until !== null) return situation;
  await giveBackWork(tx, policy.customerId);
  return { ...situation, doNotContactUntil: null };
}

function monthsLater({ recordedAt }: ResultRow) {
  return sql`${recordedAt.toISOString()}::timestamptz + interval '6 months'`;
}

function otherRefusalOf(customerId: string, struckId: string) {
  return sql`(select max(r.recorded_at + interval '6 months') from contact_results r
    join renewals c on c.id = r.renewal_id join policies p on p.id = c.policy_id
    where p.customer_id = ${customerId} and r.id <> ${struckId} and r.result = 'refused-contact'
      and r.state in ('applied', 'late'))`;
}

async function giveBackWork(tx: Db, customerId: string): Promise<void> {
  const open = tx
    .select({ id: renewals.id })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(policies.customerId, customerId), isNull(renewals.outcome), isNull(renewals.refusedContactAt)));
  await tx
    .update(tasks)
    .set({ state: 'open', droppedReason: null })
    .where(
      and(
        inArray(tasks.renewalId, open),
        eq(tasks.state, 'dropped'),
        eq(tasks.droppedReason, 'refused-contact'),
        or(gt(tasks.dueAt, sql`business_now()`), ne(tasks.kind, 'call-back')),
      ),
    );
}
