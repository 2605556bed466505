import { and, asc, eq, exists, gt, inArray, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { handoverItems, handovers } from '../db/schema/handovers.ts';
import type { Role } from '../db/staff-records.ts';
import type { ReceivingChannel } from '../renewal/orphan.ts';
import type { Viewer } from './visible-renewals.ts';

/** The hand-overs somebody may see: who leads the team, managers of the branch, and a channel that was offered cases. */
function handoversVisibleTo(viewer: Viewer, db: Db): SQL {
  const conditions = viewer.roles
    .map((role) => visibleAs(role, viewer, db))
    .filter((condition) => condition !== undefined);
  return or(...conditions) ?? sql`false`;
}

function visibleAs(role: Role, viewer: Viewer, db: Db): SQL | undefined {
  switch (role) {
    case 'supervisor':
    case 'trainer':
      return or(eq(handovers.supervisorId, viewer.id), inArray(handovers.teamId, viewer.teams));
    case 'channel-manager':
    case 'general-manager':
      return viewer.branchId === null ? sql`true` : inArray(handovers.branchId, viewer.branches);
    case 'admin':
    case 'auditor':
      return sql`true`;
    case 'call-centre':
      return and(inBranch(viewer), offeredTo('call-centre', db));
    case 'specialist':
      return and(inBranch(viewer), offeredTo('cross-sales', db));
    case 'agent':
    case 'core-system':
      return undefined;
  }
}

function inBranch({ branchId }: Viewer): SQL {
  return branchId === null ? sql`false` : eq(handovers.branchId, branchId);
}

function offeredTo(channel: ReceivingChannel, db: Db): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(handoverItems)
      .where(and(eq(handoverItems.handoverId, handovers.id), eq(handoverItems.channel, channel))),
  );
}

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

/** One hand-over with all its cases, if the viewer may see it. */
export async function readHandover(db: Db, viewer: Viewer, id: string) {
  const [row] = await db
    .select({ handover: handovers, states: itemStates })
    .from(handovers)
    .where(and(eq(handovers.id, id), handoversVisibleTo(viewer, db)));
  if (!row) return undefined;
  const items = await db
    .select()
    .from(handoverItems)
    .where(eq(handoverItems.handoverId, id))
    .orderBy(asc(handoverItems.renewalId));
  return { ...row, items };
}
