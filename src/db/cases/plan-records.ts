import { desc, eq, sql } from 'drizzle-orm';
import { defaultStagePlan, type StagePlan } from '../../renewal/stage-plan.ts';
import { clockColumns, clockOf, type ClockReading, type ClockRow } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { stagePlans } from '../schema/operations.ts';
import { storedPlan } from './stored-plan.ts';

export type PublishedPlan = { version: number; plan: StagePlan };

/** The stage plan in force: the newest published version. */
export async function readPublishedPlan(db: Pick<Db, 'select'>): Promise<PublishedPlan> {
  const [row] = await db
    .select({ version: stagePlans.version, content: stagePlans.content })
    .from(stagePlans)
    .where(eq(stagePlans.state, 'published'))
    .orderBy(desc(stagePlans.version))
    .limit(1);
  return row ? { version: row.version, plan: storedPlan(row.content) } : { version: 0, plan: defaultStagePlan };
}

/** The plan in force and where business time stands, in one look. */
export async function readPlanAndClock(db: Pick<Db, 'execute'>): Promise<PublishedPlan & { clock: ClockReading }> {
  const { rows } = await db.execute<ClockRow & { version: number | null; content: unknown }>(sql`
    select ${clockColumns}, plan.version, plan.content
    from business_clock left join lateral (
      select version, content from stage_plans where state = 'published' order by version desc limit 1
    ) plan on true where id = 1`);
  const row = rows[0];
  const version = row?.version ?? 0;
  return { version, plan: version ? storedPlan(row?.content) : defaultStagePlan, clock: clockOf(row) };
}

/** Publishes the default plan as version 1 in a new database. */
export async function publishDefaultPlan(db: Pick<Db, 'insert'>): Promise<void> {
  await db
    .insert(stagePlans)
    .values({ version: 1, state: 'published', content: defaultStagePlan, publishedAt: new Date() })
    .onConflictDoNothing();
}
