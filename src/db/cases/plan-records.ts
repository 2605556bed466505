import { eq, sql, type Placeholder } from 'drizzle-orm';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import { clockFields, clockOf, type ClockReading, type ClockRow } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { businessClock } from '../schema/operations.ts';
import { renewals } from '../schema/renewals.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { storedPlan } from './stored-plan.ts';

export type PublishedPlan = { version: number; plan: StagePlan };

/** What decides which stage plan a case follows; null where a plan is asked for that holds for no branch or segment alone. */
export type PlanScope = { branchId: string | null; segment: string | null };

const everybody: PlanScope = { branchId: null, segment: null };

type PlanRow = { version: number | null; content: unknown };

/** The stage plan in force for a case: its nearest branch's own, else its segment's, else the default one. */
export async function readPlanInForce(db: Pick<Db, 'execute'>, scope: PlanScope = everybody): Promise<PublishedPlan> {
  const { rows } = await db.execute<PlanRow>(
    sql`select version, content from ${stagePlans} where version = ${planInForce(scope)}`,
  );
  return planOf(rows[0]);
}

/** The stage plan in force for a case by its id. */
export async function readPlanOfCase(db: Pick<Db, 'execute'>, renewalId: string): Promise<PublishedPlan> {
  const ofCase = sql`(select plan_in_force(branch_id, segment) from ${renewals} where id = ${renewalId})`;
  const { rows } = await db.execute<PlanRow>(sql`select version, content from ${stagePlans} where version = ${ofCase}`);
  return planOf(rows[0]);
}

/** The fields of the plan in force and of where business time stands, for a query of `business_clock`. */
export const planAndClockFields = {
  ...clockFields,
  version: stagePlans.version,
  content: sql<string | null>`${stagePlans.content}::text`,
};

/** Joins such a query with the plan in force for `branchId` and `segment`. */
export const isInForce = eq(
  stagePlans.version,
  planInForce({ branchId: sql.placeholder('branchId'), segment: sql.placeholder('segment') }),
);

const planAndClock = prepareOnce('plan_and_clock', (db) =>
  db.select(planAndClockFields).from(businessClock).leftJoin(stagePlans, isInForce).where(eq(businessClock.id, 1)),
);

export type PlanAndClock = PublishedPlan & { clock: ClockReading };

/** The plan in force and where business time stands, in one look. */
export async function readPlanAndClock(db: Db, { branchId, segment }: PlanScope = everybody): Promise<PlanAndClock> {
  const [row] = await planAndClock(db, { branchId, segment });
  return planAndClockOf(row);
}

/** Both from their fields. Throws when the clock has no anchor. */
export function planAndClockOf(row: PlanAndClockRow | undefined): PlanAndClock {
  const plan = row?.content ? planWritten(row.content) : defaultStagePlan;
  return { version: row?.version ?? 0, plan, clock: clockOf(row) };
}

type PlanAndClockRow = ClockRow & { version: number | null; content: string | null };

const mostPlans = 100;
const plansWritten = new Map<string, StagePlan>();

/** Every step of a case reads its plan, and the same text is the same plan: it is taken apart once. */
function planWritten(text: string): StagePlan {
  const known = plansWritten.get(text) ?? storedPlan(JSON.parse(text));
  if (plansWritten.size < mostPlans) plansWritten.set(text, known);
  return known;
}

/** Stage plans by their versions; the ones asked for that do not exist are missing. */
export async function readPlans(db: Db, versions: readonly number[]): Promise<Map<number, StagePlan>> {
  const rows = await db
    .select({ version: stagePlans.version, content: stagePlans.content })
    .from(stagePlans)
    .where(sql`${stagePlans.version} = any(${sql.param([...versions])}::int[])`);
  return new Map(rows.map(({ version, content }) => [version, storedPlan(content)]));
}

/** Publishes the default plan as version 1 in a new database. */
export async function publishDefaultPlan(db: Pick<Db, 'insert'>): Promise<void> {
  await db
    .insert(stagePlans)
    .values({ version: 1, state: 'published', inForce: true, content: defaultStagePlan, publishedAt: new Date() })
    .onConflictDoNothing();
}

function planInForce({ branchId, segment }: { [Part in keyof PlanScope]: PlanScope[Part] | Placeholder }) {
  return sql`(select plan_in_force(${branchId}::text, ${segment}::text))`;
}

function planOf(row: PlanRow | undefined): PublishedPlan {
  const version = row?.version ?? 0;
  return { version, plan: version ? storedPlan(row?.content) : defaultStagePlan };
}
