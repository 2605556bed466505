import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { lossChecks } from '../db/schema/loss-checks.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { LossCheckState, Month } from '../renewal/loss-sample.ts';
import { lossChecksVisibleTo } from './scope/loss-checks.ts';
import type { Viewer } from './scope/viewer.ts';

type LossCheckFilters = { month?: Month | undefined; state?: LossCheckState | undefined };

type LossCheckRequest = {
  viewer: Viewer;
  filters: LossCheckFilters;
  /** The last row of the page before; `dueAt` as PostgreSQL wrote it. */
  from?: { dueAt: string; id: string } | undefined;
  limit: number;
};

export type LossCheckItem = Awaited<ReturnType<typeof listLossChecks>>[number];

/** One page of sampled lost cases by due time, then id (api.md, GET /v1/callbacks). */
export function listLossChecks(db: Db, { viewer, filters, from, limit }: LossCheckRequest) {
  return selectChecks(db)
    .where(
      and(
        lossChecksVisibleTo(viewer),
        filters.month === undefined ? undefined : eq(lossChecks.month, filters.month),
        filters.state === undefined ? undefined : eq(lossChecks.state, filters.state),
        from && sql`(${lossChecks.dueAt}, ${lossChecks.id}) > (${from.dueAt}, ${from.id}::uuid)`,
      ),
    )
    .orderBy(asc(lossChecks.dueAt), asc(lossChecks.id))
    .limit(limit);
}

/** One sampled lost case, if the viewer may see it. */
export async function readLossCheck(db: Db, viewer: Viewer, id: string): Promise<LossCheckItem | undefined> {
  const [row] = await selectChecks(db).where(and(eq(lossChecks.id, id), lossChecksVisibleTo(viewer)));
  return row;
}

function selectChecks(db: Db) {
  const sortValue = sql<string>`${lossChecks.dueAt}::text`;
  return db
    .select({ check: lossChecks, policyNumber: policies.policyNumber, sortValue })
    .from(lossChecks)
    .innerJoin(renewals, eq(renewals.id, lossChecks.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId));
}
