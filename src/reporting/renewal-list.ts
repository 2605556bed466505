import { and, eq, gte, inArray, isNotNull, isNull, lte, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { customers } from '../db/schema/customers.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { Outcome } from '../renewal/loss.ts';
import { stretchesFrom, type Position, type Stretch } from './keyset.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

export const renewalSortKeys = ['expiresOn', 'nextActionAt', 'priority'] as const;
export type RenewalSortKey = (typeof renewalSortKeys)[number];

/** Dates are `YYYY-MM-DD`, both ends included; the plate is normalised and matches exactly. */
type RenewalFilters = {
  stage?: string | undefined;
  /** One of the three books, or `open`. */
  outcome?: Outcome['kind'] | 'open' | undefined;
  ownerId?: string | undefined;
  branchId?: string | undefined;
  segment?: string | undefined;
  escalated?: boolean | undefined;
  orphan?: boolean | undefined;
  winBack?: boolean | undefined;
  expiresFrom?: string | undefined;
  expiresTo?: string | undefined;
  policyNumber?: string | undefined;
  plate?: string | undefined;
};

export type ListRequest = {
  viewer: Viewer;
  filters: RenewalFilters;
  sort: { key: RenewalSortKey; descending: boolean };
  from?: Position | undefined;
  /** How many at most. */
  limit: number;
};

const item = {
  id: renewals.id,
  policyNumber: policies.policyNumber,
  coverType: policies.coverType,
  stage: renewals.stage,
  outcome: renewals.outcome,
  lossReason: renewals.lossReason,
  branchId: renewals.branchId,
  teamId: renewals.teamId,
  ownerId: renewals.ownerId,
  expiresOn: renewals.expiresOn,
  escalated: renewals.escalated,
  orphanedAt: renewals.orphanedAt,
  callCentreSince: renewals.callCentreSince,
  nextActionAt: renewals.nextActionAt,
  nextAction: renewals.nextAction,
  priority: renewals.priority,
  segment: renewals.segment,
  customerName: customers.name,
  plate: policies.plate,
};

/**
 * One page of the cases somebody may see, with the position of each row for the next page (api.md, Lists).
 * Ordered by the sort key, then id.
 */
export async function listRenewals(db: Db, request: ListRequest) {
  const column = renewals[request.sort.key];
  const order = { column, id: renewals.id, descending: request.sort.descending };
  const rows: Awaited<ReturnType<typeof readStretch>> = [];
  for (const stretch of stretchesFrom(order, request.from)) {
    if (rows.length >= request.limit) break;
    rows.push(...(await readStretch(db, request, { stretch, limit: request.limit - rows.length })));
  }
  return rows;
}

function readStretch(db: Db, request: ListRequest, { stretch, limit }: { stretch: Stretch; limit: number }) {
  return db
    .select({ ...item, sortValue: sql<string | null>`${renewals[request.sort.key]}::text` })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(and(renewalsVisibleTo(request.viewer), ...conditions(request.filters), stretch.where))
    .orderBy(...stretch.orderBy)
    .limit(limit);
}

/** Those of the cases that somebody may see. */
export async function casesReachedBy(db: Db, viewer: Viewer, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(inArray(renewals.id, [...ids]), renewalsVisibleTo(viewer)));
  return rows.map(({ id }) => id);
}

function conditions(filters: RenewalFilters): (SQL | undefined)[] {
  const given = <Value>(value: Value | undefined, condition: (value: Value) => SQL): SQL | undefined =>
    value === undefined ? undefined : condition(value);
  return [
    given(filters.stage, (stage) => eq(renewals.stage, stage)),
    given(filters.outcome, (outcome) =>
      outcome === 'open' ? isNull(renewals.outcome) : eq(renewals.outcome, outcome),
    ),
    given(filters.ownerId, (ownerId) => eq(renewals.ownerId, ownerId)),
    given(filters.branchId, (branchId) => eq(renewals.branchId, branchId)),
    given(filters.segment, (segment) => eq(renewals.segment, segment)),
    given(filters.escalated, (escalated) => eq(renewals.escalated, escalated)),
    given(filters.orphan, (orphan) => (orphan ? isNotNull(renewals.orphanedAt) : isNull(renewals.orphanedAt))),
    given(filters.winBack, (winBack) => (winBack ? isNotNull(renewals.winBackOf) : isNull(renewals.winBackOf))),
    given(filters.expiresFrom, (day) => gte(renewals.expiresOn, day)),
    given(filters.expiresTo, (day) => lte(renewals.expiresOn, day)),
    given(filters.policyNumber, (number) => ofPolicies(eq(policies.policyNumber, number))),
    given(filters.plate, (plate) => ofPolicies(eq(policies.plate, plate))),
  ];
}

/** A subquery of its own, so that a rare number or plate is found first whatever the sort order is. */
function ofPolicies(condition: SQL): SQL {
  return inArray(renewals.policyId, sql`(select ${policies.id} from ${policies} where ${condition} offset 0)`);
}
