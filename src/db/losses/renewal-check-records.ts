import { and, asc, eq, gt, gte, isNull, lt, notExists, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import { assignChecks } from '../tasks/check-tasks.ts';
import type { Db } from '../connection.ts';
import { journalise, type JournalEntry } from '../journal/journal-records.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

const unconfirmedDays = 7;
/** Older ones were looked at in their time. */
const lookBackDays = 37;
const pageSize = 500;

/** How many renewals by a person got their check; `over` says whether a page was not full. */
export type CheckedPage = { checked: number; over: boolean };

/**
 * Gives channel managers the renewals to check that the core system has not confirmed for seven days (business.md, Contact
 * results), once for each close; a page at a time.
 */
export async function assignRenewalChecks(tx: Db, calendar: Calendar): Promise<CheckedPage> {
  const { now } = await readClock(tx);
  const unconfirmed = await unconfirmedRenewals(tx);
  const given: JournalEntry[] = [];
  for (const [branchId, ofBranch] of Map.groupBy(unconfirmed, (one) => one.branchId)) {
    const checks = ofBranch.map((renewal) => ({ occasion: occasionOf(renewal), renewal }));
    given.push(...(await assignChecks(tx, checks, { kind: 'renewal-check', branchId, now, calendar })));
  }
  const found = { actor: 'system', event: 'renewal-check-assigned', reason: 'core-system-silent' };
  const inputs = { days: unconfirmedDays };
  await journalise(tx, [...unconfirmed.map(({ id }) => ({ ...found, chain: id, inputs })), ...given]);
  return { checked: unconfirmed.length, over: unconfirmed.length < pageSize };
}

/** A case that was opened again has another close to check. */
function occasionOf({ closedAt }: { closedAt: Date | null }): string {
  return `core.${closedAt?.toISOString() ?? ''}`;
}

const checkOfPresentClose = and(
  eq(tasks.renewalId, renewals.id),
  eq(tasks.kind, 'renewal-check'),
  gte(tasks.createdAt, renewals.closedAt),
);

/** Whether a channel manager looked for the renewal of a closed case in the core system and found none. */
export async function wasNotFound(db: Db, renewalId: string): Promise<boolean> {
  const [found] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .innerJoin(renewals, checkOfPresentClose)
    .where(
      and(
        eq(renewals.id, renewalId),
        eq(tasks.state, 'completed'),
        sql`${tasks.completion} ->> 'finding' = 'not-found'`,
      ),
    )
    .limit(1);
  return found !== undefined;
}

function unconfirmedRenewals(tx: Db) {
  const checked = tx
    .select({ one: sql`1` })
    .from(tasks)
    .where(checkOfPresentClose);
  return tx
    .select({
      id: renewals.id,
      closedAt: renewals.closedAt,
      branchId: renewals.branchId,
      teamId: renewals.teamId,
      priority: renewals.priority,
      planVersion: renewals.planVersion,
      premium: policies.premium,
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(
        eq(renewals.outcome, 'renewed'),
        isNull(policies.renewedAs),
        lt(renewals.closedAt, sql`business_now() - ${`${unconfirmedDays} days`}::interval`),
        gt(renewals.closedAt, sql`business_now() - ${`${lookBackDays} days`}::interval`),
        notExists(checked),
      ),
    )
    .orderBy(asc(renewals.closedAt), asc(renewals.id))
    .limit(pageSize);
}

/**
 * The core system reported a case as renewed that a person had closed so: its check is done, and says
 * whether the numbers agree. The one that the core system reports is the policy's.
 */
export async function confirmRenewal(
  tx: Db,
  renewal: Pick<typeof renewals.$inferSelect, 'id' | 'newPolicyNumber'>,
  reported: { key: string; newPolicyNumber: string },
): Promise<void> {
  const { newPolicyNumber: number, key } = reported;
  const isSame = renewal.newPolicyNumber === null || renewal.newPolicyNumber === number;
  const numbers = isSame ? {} : { recordedNumber: renewal.newPolicyNumber, reportedNumber: number };
  const reason = isSame ? 'core-system-confirmed' : 'core-system-reported-another-number';
  if (renewal.newPolicyNumber !== number) {
    await tx.update(renewals).set({ newPolicyNumber: number }).where(eq(renewals.id, renewal.id));
  }
  await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: 'core-system',
      completion: { reason, ...numbers },
    })
    .where(and(eq(tasks.renewalId, renewal.id), eq(tasks.kind, 'renewal-check'), eq(tasks.state, 'open')));
  await journalise(tx, [
    { chain: renewal.id, actor: 'core-system', event: 'reported:renewed', reason, inputs: { key, ...numbers } },
  ]);
}
