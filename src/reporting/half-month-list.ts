import { and, asc, desc, eq, inArray, lt, or, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { customers } from '../db/schema/customers.ts';
import { monthListEntries, monthLists } from '../db/schema/month-lists.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { Day } from '../renewal/calendar.ts';
import { byWeight, compareLists, type ChangedCase } from '../renewal/half-month-list.ts';
import type { Outcome } from '../renewal/loss.ts';
import { caseLine } from './case-lines.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

/**
 * A person's list of a half month, the newest unless a period is named: how many cases, their first and last expiry, and what
 * came, left or changed since the list before, the weightiest first; no changes on the first one. Nothing for a period without
 * a list.
 */
export async function readHalfMonthList(db: Db, viewer: Viewer, wanted?: Day) {
  const periods = await findPeriods(db, wanted);
  if (!periods) return undefined;
  const { period, before } = periods;
  const now = await readEntries(db, viewer, period);
  const changes = before === null ? [] : await compare(db, now, await readEntries(db, viewer, before));
  const days = now.map(({ expiresOn }) => expiresOn).toSorted();
  return { period, before, count: now.length, from: days[0] ?? period, to: days.at(-1) ?? period, changes };
}

async function findPeriods(db: Db, wanted?: Day): Promise<{ period: Day; before: Day | null } | undefined> {
  const [found] = await db
    .select()
    .from(monthLists)
    .where(wanted === undefined ? undefined : eq(monthLists.period, wanted))
    .orderBy(desc(monthLists.period))
    .limit(1);
  if (!found) return undefined;
  const [before] = await db
    .select()
    .from(monthLists)
    .where(lt(monthLists.period, found.period))
    .orderBy(desc(monthLists.period))
    .limit(1);
  return { period: found.period, before: before?.period ?? null };
}

type Entry = { renewalId: string; ownerId: string | null; expiresOn: Day; stage: string | null };

async function compare(db: Db, now: readonly Entry[], before: readonly Entry[]): Promise<ChangedCase[]> {
  const listed = new Set(now.map(({ renewalId }) => renewalId));
  const gone = before.map(({ renewalId }) => renewalId).filter((id) => !listed.has(id));
  return compareLists(before, now, await outcomesOf(db, gone)).toSorted(byWeight);
}

async function outcomesOf(db: Db, ids: readonly string[]): Promise<Map<string, Outcome['kind']>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: renewals.id, outcome: renewals.outcome })
    .from(renewals)
    .where(inArray(renewals.id, [...ids]));
  return new Map(rows.flatMap(({ id, outcome }) => (outcome === null ? [] : [[id, outcome] as const])));
}

function readEntries(db: Db, viewer: Viewer, period: Day): Promise<Entry[]> {
  const { renewalId, ownerId, expiresOn, stage } = monthListEntries;
  return db
    .select({ renewalId, ownerId, expiresOn, stage })
    .from(monthListEntries)
    .where(and(eq(monthListEntries.period, period), listedFor(viewer)))
    .orderBy(asc(renewalId))
    .execute();
}

/** Whose list an entry is on: its owner's, its specialist's, and that of who leads or follows its team. */
function listedFor({ id, roles, teams }: Viewer): SQL | undefined {
  const leads = roles.includes('supervisor') || roles.includes('trainer');
  return or(
    eq(monthListEntries.ownerId, id),
    eq(monthListEntries.specialistId, id),
    leads ? inArray(monthListEntries.teamId, teams) : undefined,
  );
}

/** The lines of those of some cases that the viewer sees now, by id. */
export async function readCaseLines(db: Db, viewer: Viewer, ids: readonly string[]) {
  const rows = await db
    .select(caseLine)
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(and(inArray(renewals.id, [...ids]), renewalsVisibleTo(viewer)));
  return new Map(rows.map((row) => [row.renewalId, row]));
}
