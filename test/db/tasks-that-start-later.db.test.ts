import { readFileSync } from 'node:fs';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlanInForce } from '../../src/db/cases/plan-records.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { publish } from '../support/given-plans.ts';

const migration = readFileSync(new URL('../../drizzle/0004_tasks_that_start_later.sql', import.meta.url), 'utf8');
const asWrittenBefore = {
  ...defaultStagePlan,
  stages: defaultStagePlan.stages.map((rule) => ({
    ...rule,
    tasks: rule.tasks.map(({ kind }) => (kind === 'phone-attempt' ? 'phone-tracking' : kind)),
  })),
};

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const migrateAgain = async (): Promise<void> => {
  for (const statement of migration.split('--> statement-breakpoint')) await book.db.execute(sql.raw(statement));
};

test('a plan published before tasks said when they start keeps its content and is read in the new way', async () => {
  const version = await publish(book.db, asWrittenBefore as unknown as StagePlan);
  const { plan } = await readPlanInForce(book.db);
  expect(plan.stages.map((rule) => rule.tasks.map(({ kind }) => kind))).toEqual(
    defaultStagePlan.stages.map((rule) => rule.tasks.map(({ kind }) => kind)),
  );
  expect(plan.stages[2]!.tasks[1]).toEqual({ kind: 'phone-attempt', startsDaysBefore: 15 });
  const [stored] = await book.db.select().from(stagePlans).where(eq(stagePlans.version, version));
  expect(stored!.content).toEqual(asWrittenBefore);
  await publish(book.db, defaultStagePlan);
});

test('a stored task of phone tracking becomes the first attempt', async () => {
  await book.setTime(20);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  await book.db
    .update(tasks)
    .set({ kind: 'phone-tracking', key: `${id}/phone-tracking/intensive-chase` })
    .where(sql`kind = 'phone-attempt'`);
  await migrateAgain();
  expect((await book.tasks(id)).find(({ kind }) => kind === 'phone-attempt')?.key).toBe(`${id}/phone-attempt/1`);
});
