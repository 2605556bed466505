import { and, asc, eq, inArray, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { policies } from '../db/schema/policies.ts';
import type { Viewer } from './scope/viewer.ts';

/** One page of what the last intake left out, by reason and id, from the branches of the viewer (business.md, Eligibility). */
export function listLeftOut(
  db: Db,
  request: {
    viewer: Viewer;
    reason?: string | undefined;
    from?: { reason: string; id: string } | undefined;
    limit: number;
  },
) {
  const { viewer, reason, from, limit } = request;
  return db
    .select({
      id: policies.id,
      policyNumber: policies.policyNumber,
      startsOn: policies.startsOn,
      expiresOn: policies.expiresOn,
      coverType: policies.coverType,
      branchId: policies.branchId,
      reason: policies.leftOutReason,
    })
    .from(policies)
    .where(
      and(
        reason === undefined ? isNotNull(policies.leftOutReason) : eq(policies.leftOutReason, reason),
        seesEveryBranch(viewer) ? undefined : inArray(policies.branchId, viewer.branches),
        from && after(from),
      ),
    )
    .orderBy(asc(policies.leftOutReason), asc(policies.id))
    .limit(limit);
}

function seesEveryBranch(viewer: Viewer): boolean {
  return viewer.branchId === null || viewer.roles.some((role) => role === 'admin' || role === 'auditor');
}

function after(from: { reason: string; id: string }): SQL {
  return sql`(${policies.leftOutReason}, ${policies.id}) > (${from.reason}, ${from.id}::uuid)`;
}
