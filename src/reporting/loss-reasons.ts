import { and, between, count, desc, eq, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { Period } from './books.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

export const lossCuts = ['reason', 'agent', 'branch', 'segment'] as const;
export type LossCut = (typeof lossCuts)[number];

const columnOf = {
  agent: renewals.ownerId,
  branch: renewals.branchId,
  segment: renewals.segment,
};

/**
 * The lost cases that expire in a period by reason, the most frequent first, within each agent, branch or segment where
 * asked; `cut` is null for the whole, or for cases without an owner. Not renewable ones are outside the renewal rate
 * (business.md, Figures).
 */
export function readLossCounts(db: Db, viewer: Viewer, { from, to, by }: Period & { by: LossCut }) {
  const cut: SQL<string | null> = by === 'reason' ? sql`null::text` : sql`${columnOf[by]}`;
  const reason = sql<string>`coalesce(${renewals.lossReason}, 'other')`;
  const cases = count();
  return db
    .select({ cut, reason, renewable: renewals.renewable, cases })
    .from(renewals)
    .where(and(eq(renewals.outcome, 'lost'), between(renewals.expiresOn, from, to), renewalsVisibleTo(viewer)))
    .groupBy(sql`1`, sql`2`, renewals.renewable)
    .orderBy(sql`1 nulls last`, desc(cases), sql`2`, desc(renewals.renewable));
}
