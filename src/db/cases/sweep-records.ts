import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, ne, or, sql, type Column } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import type { ResultRow } from '../results/result-records.ts';
import { concessions } from '../schema/concessions.ts';
import { contactResults } from '../schema/contact-results.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** Open cases whose workflow nobody has seen start. */
export async function casesWithoutWorkflow(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(isNull(renewals.outcome), isNull(renewals.workflowStartedAt)))
    .orderBy(asc(renewals.openedAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Every open case after a cursor, in the order of ids; a rebuild pages through them. */
export async function openCasesAfter(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(isNull(renewals.outcome), sql`${renewals.id} > ${after}`))
    .orderBy(asc(renewals.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Open cases after a cursor, in the order of ids, whose next action should have happened a business day ago. */
export async function overdueCases(db: Db, limit: number, after = ''): Promise<string[]> {
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(
      and(
        isNull(renewals.outcome),
        isNotNull(renewals.workflowStartedAt),
        lt(renewals.nextActionAt, sql`business_now() - interval '1 day'`),
        gt(renewals.id, after),
      ),
    )
    .orderBy(asc(renewals.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Open cases that have not armed their newest expiry; a second round arms it when it ends. */
export async function casesBehindTheirExpiry(
  db: Db,
  limit: number,
): Promise<{ renewalId: string; revision: number }[]> {
  return db
    .select({ renewalId: renewals.id, revision: renewals.expiryRevision })
    .from(renewals)
    .where(
      and(
        isNull(renewals.outcome),
        isNotNull(renewals.stage),
        isNull(renewals.secondRoundDueAt),
        ne(renewals.expiryRevision, renewals.armedRevision),
      ),
    )
    .limit(limit);
}

/** Open cases that have not been told how their hold stands; one without a workflow hears of it when it runs. */
export async function casesBehindTheirHold(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(
      and(
        isNull(renewals.outcome),
        isNotNull(renewals.workflowStartedAt),
        ne(renewals.holdRevision, renewals.toldHoldRevision),
      ),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Open cases of policies that the core system reported as cancelled or renewed. */
export async function casesBehindTheCore(
  db: Db,
  limit: number,
): Promise<{ renewalId: string; renewedAs: string | null }[]> {
  return db
    .select({ renewalId: renewals.id, renewedAs: policies.renewedAs })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(isNull(renewals.outcome), or(isNotNull(policies.renewedAs), lt(policies.cancelledOn, sql`business_now()`))),
    )
    .limit(limit);
}

/** Results and corrections that never reached the end of their way; taking them marks the attempt. */
export async function takeStaleResults(db: Db, limit: number): Promise<ResultRow[]> {
  const stale = db
    .select({ id: contactResults.id })
    .from(contactResults)
    .where(
      and(
        inArray(contactResults.state, ['received', 'correcting']),
        lt(contactResults.sentAt, sql`now() - interval '10 seconds'`),
      ),
    )
    .orderBy(asc(contactResults.sentAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return db
    .update(contactResults)
    .set({ sentAt: sql`now()` })
    .where(sql`${contactResults.id} in ${stale}`)
    .returning();
}

/** Hand-overs with a case that has not heard of its newest state, or with a deadline that passed without anything done. */
export async function handoversBehind(db: Db, limit: number): Promise<string[]> {
  const passed = (deadline: Column, state: string) =>
    and(eq(handoverItems.state, state), lt(deadline, sql`business_now()`));
  const rows = await db
    .selectDistinct({ id: handovers.id })
    .from(handovers)
    .innerJoin(handoverItems, eq(handoverItems.handoverId, handovers.id))
    .where(
      or(
        and(isNull(handoverItems.notifiedAt), ne(handoverItems.state, 'closed')),
        passed(handovers.dueAt, 'undecided'),
        passed(handoverItems.offerDueAt, 'offered'),
      ),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Concessions whose deadline passed without anything done, but for those of cases that are held. */
export async function concessionsBehind(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: concessions.id })
    .from(concessions)
    .innerJoin(renewals, eq(renewals.id, concessions.renewalId))
    .where(
      and(
        eq(concessions.state, 'pending'),
        lt(concessions.dueAt, sql`business_now()`),
        or(isNull(renewals.heldUntil), lt(renewals.heldUntil, sql`business_now()`)),
      ),
    )
    .orderBy(asc(concessions.dueAt))
    .limit(limit);
  return rows.map((row) => row.id);
}
