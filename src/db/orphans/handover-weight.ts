import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { handoverItems } from '../schema/handovers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

/** The task on a hand-over weighs what is at stake in it: the premiums of the cases that are not decided yet. */
export async function weighHandoverTask(tx: Db, handoverId: string): Promise<void> {
  const atStake = tx
    .select({ sum: sql`coalesce(sum(${policies.premium}), 0)` })
    .from(handoverItems)
    .innerJoin(renewals, eq(renewals.id, handoverItems.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(handoverItems.handoverId, handoverId), eq(handoverItems.state, 'undecided')));
  await tx
    .update(tasks)
    .set({ value: sql`(${atStake})` })
    .where(and(eq(tasks.handoverId, handoverId), eq(tasks.state, 'open')));
}
