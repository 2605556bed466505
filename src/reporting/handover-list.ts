import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { handoverItems, handovers } from '../db/schema/handovers.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { handoverItemsVisibleTo, handoversVisibleTo } from './scope/handovers.ts';
import type { Viewer } from './scope/viewer.ts';

type HandoverRequest = {
  viewer: Viewer;
  state?: string | undefined;
  agentId?: string | undefined;
  after?: string | undefined;
  limit: number;
};

/** One page of hand-overs by id, which grows with time, each with the number of its cases by state. */
export function listHandovers(db: Db, request: HandoverRequest) {
  const { viewer, state, agentId, after, limit } = request;
  return db
    .select({ handover: handovers, states: itemStates })
    .from(handovers)
    .where(
      and(
        handoversVisibleTo(viewer, db),
        state === undefined ? undefined : eq(handovers.state, state),
        agentId === undefined ? undefined : eq(handovers.agentId, agentId),
        after === undefined ? undefined : gt(handovers.id, after),
      ),
    )
    .orderBy(asc(handovers.id))
    .limit(limit);
}

const itemStates = sql<Record<string, number>>`(select coalesce(jsonb_object_agg(state, cases), '{}')
  from (select state, count(*)::int as cases from ${handoverItems}
    where ${handoverItems.handoverId} = ${handovers.id} group by state) counted)`;

/** One hand-over with those of its cases that the viewer may see, what each is worth and where it stands, if the viewer may see it. */
export async function readHandover(db: Db, viewer: Viewer, id: string) {
  const [row] = await db
    .select({ handover: handovers, states: itemStates })
    .from(handovers)
    .where(and(eq(handovers.id, id), handoversVisibleTo(viewer, db)));
  if (!row) return undefined;
  const { policyNumber, premium: value } = policies;
  const { stage, outcome, expiresOn, segment } = renewals;
  const items = await db
    .select({ item: handoverItems, of: { policyNumber, value, stage, outcome, expiresOn, segment } })
    .from(handoverItems)
    .innerJoin(renewals, eq(renewals.id, handoverItems.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(handoverItems.handoverId, id), handoverItemsVisibleTo(viewer)))
    .orderBy(asc(handoverItems.renewalId));
  return { ...row, items: items.map(({ item, of }) => ({ ...item, ...of })) };
}
