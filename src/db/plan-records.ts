import { desc, eq } from 'drizzle-orm';
import { defaultStagePlan, type StagePlan } from '../renewal/stage-plan.ts';
import type { Db } from './connection.ts';
import { stagePlans } from './schema/operations.ts';

export type PublishedPlan = { version: number; plan: StagePlan };

/** The stage plan in force: the newest published version. */
export async function readPublishedPlan(db: Pick<Db, 'select'>): Promise<PublishedPlan> {
  const [row] = await db
    .select({ version: stagePlans.version, content: stagePlans.content })
    .from(stagePlans)
    .where(eq(stagePlans.state, 'published'))
    .orderBy(desc(stagePlans.version))
    .limit(1);
  return row ? { version: row.version, plan: row.content as StagePlan } : { version: 0, plan: defaultStagePlan };
}

/** Publishes the default plan as version 1 in a new database. */
export async function publishDefaultPlan(db: Pick<Db, 'insert'>): Promise<void> {
  await db
    .insert(stagePlans)
    .values({ version: 1, state: 'published', content: defaultStagePlan, publishedAt: new Date() })
    .onConflictDoNothing();
}
