import { and, eq, gte, isNull, lt, or, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import type { LossReason } from '../../renewal/loss.ts';
import { boundsOf, drawLosses, seedOf, type Month } from '../../renewal/loss-sample.ts';
import { readClock } from '../business-clock.ts';
import { assignChecks, checksDue } from '../tasks/check-tasks.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { customers } from '../schema/customers.ts';
import { lossChecks } from '../schema/loss-checks.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { readSetting } from '../settings-records.ts';

/** The branches that lost a case in a month, in their order. */
export async function branchesWithLosses(db: Db, month: Month, calendar: Calendar): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: renewals.branchId })
    .from(renewals)
    .where(lostIn(month, calendar))
    .orderBy(renewals.branchId);
  return rows.map((row) => row.id);
}

/**
 * Draws a branch's lost cases of a month for call-backs and gives the managers their tasks; answers how many. A month that
 * was drawn for a branch stays as it was drawn. Customers who must not be called are not in the urn.
 */
export async function drawLossChecks(
  tx: Db,
  { month, branchId, calendar }: { month: Month; branchId: string; calendar: Calendar },
): Promise<number> {
  const seed = seedOf(month, branchId);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`loss-review.${seed}`}))`);
  if ((await tx.$count(lossChecks, and(eq(lossChecks.month, month), eq(lossChecks.branchId, branchId)))) > 0) return 0;
  const { now } = await readClock(tx);
  const { version, content: rule } = await readSetting(tx, 'loss-sample');
  const lost = await lossesOf(tx, { month, branchId, calendar });
  const byId = new Map(lost.map((one) => [one.renewalId, one]));
  const drawn = drawLosses(lost, rule, seed).flatMap(({ renewalId }) => byId.get(renewalId) ?? []);
  for (let from = 0; from < drawn.length; from += chunk) {
    await keepDrawn(tx, drawn.slice(from, from + chunk), { month, seed, now, calendar, version });
  }
  return drawn.length;
}

/** PostgreSQL takes 65,535 parameters in one statement. */
const chunk = 1_000;

type Lost = Awaited<ReturnType<typeof lossesOf>>[number];
type Draw = { month: Month; seed: string; now: Instant; calendar: Calendar; version: number };

const kind = 'call-back-check';

async function keepDrawn(tx: Db, drawn: readonly Lost[], { version, ...draw }: Draw): Promise<void> {
  const { month, seed, now, calendar } = draw;
  const dueAt = new Date(checksDue({ kind, now, calendar }).dueAt);
  const rows = drawn.map(({ renewalId, branchId, agentId, lossReason }) => ({
    id: uuidv7(),
    renewalId,
    month,
    seed,
    branchId,
    agentId,
    lossReason,
    state: 'open',
    dueAt,
    drawnAt: sql`business_now()`,
  }));
  const kept = await tx.insert(lossChecks).values(rows).onConflictDoNothing().returning();
  const checks = kept.flatMap(({ id, renewalId }) => {
    const renewal = drawn.find((one) => one.renewalId === renewalId);
    return renewal ? [{ occasion: month, renewal: { ...renewal, id: renewalId }, lossCheckId: id }] : [];
  });
  const given = await assignChecks(tx, checks, { kind, branchId: drawn[0]?.branchId ?? '', now, calendar });
  const entries = kept.map(({ id, renewalId }) => ({
    chain: renewalId,
    actor: 'system',
    event: 'drawn-for-call-back',
    reason: 'monthly-sample',
    inputs: { lossCheckId: id, seed, settingVersion: version },
  }));
  await journalise(tx, [...given, ...entries]);
}

async function lossesOf(tx: Db, { month, branchId, calendar }: { month: Month; branchId: string; calendar: Calendar }) {
  const rows = await tx
    .select({
      renewalId: renewals.id,
      branchId: renewals.branchId,
      teamId: renewals.teamId,
      agentId: renewals.ownerId,
      priority: renewals.priority,
      planVersion: renewals.planVersion,
      lossReason: renewals.lossReason,
      premium: policies.premium,
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(
      and(
        lostIn(month, calendar),
        eq(renewals.branchId, branchId),
        isNull(renewals.refusedContactAt),
        or(isNull(customers.doNotContactUntil), lt(customers.doNotContactUntil, sql`business_now()`)),
      ),
    );
  return rows.map((row) => ({ ...row, lossReason: (row.lossReason ?? 'other') as LossReason }));
}

function lostIn(month: Month, calendar: Calendar) {
  const { from, before } = boundsOf(month, calendar);
  return and(
    eq(renewals.outcome, 'lost'),
    gte(renewals.closedAt, new Date(from)),
    lt(renewals.closedAt, new Date(before)),
  );
}
