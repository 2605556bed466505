import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishDefaultPlan, readPlanInForce } from '../../src/db/cases/plan-records.ts';
import { connectDatabase, type Connection, type Db } from '../../src/db/connection.ts';
import { changeDraft, draftPlan } from '../../src/db/plans/draft-records.ts';
import { readPlanRow } from '../../src/db/plans/plan-rows.ts';
import { publishPlan, type Published } from '../../src/db/plans/publish-plan.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { rollouts, stagePlans } from '../../src/db/schema/stage-plans.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import { changed, houseLimits } from '../support/given-plan-change.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let connection: Connection;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl);
  db = connection.db;
  await publishDefaultPlan(db);
});
afterEach(async () => {
  await connection.close();
  await database.drop();
});

const graceOf = (graceDays: number) => changed((plan) => (plan.graceDays = graceDays));

async function aDraft(graceDays: number, requestId = uuidv7()): Promise<number> {
  const draft = { source: { kind: 'content', content: graceOf(graceDays) }, scope: {}, by: 'ann', requestId } as const;
  const drafted = await db.transaction((tx) => draftPlan(tx, draft));
  return drafted.kind === 'drafted' ? drafted.row.version : 0;
}

async function publish(version: number, { by = 'bob', requestId = uuidv7() } = {}): Promise<Published> {
  const { contentHash } = (await readPlanRow(db, version))!;
  const asked = { version, by, requestId, nudgesPerSecond: 20, contentHash };
  return db.transaction((tx) => publishPlan(tx, asked, houseLimits.templates));
}

describe('Publishing a stage plan', () => {
  test('twice at once puts it in force once, with one roll-out and one entry', async () => {
    const version = await aDraft(5);

    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => publish(version, { by: `publisher-${n}` })));

    const kinds = answers.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual([...Array.from({ length: 7 }, () => 'already-published'), 'published']);
    expect(await db.$count(rollouts)).toBe(1);
    expect(await db.$count(journal, eq(journal.event, 'plan-published'))).toBe(1);
    expect((await readPlanInForce(db)).version).toBe(version);
  });

  test('of drafts that were written beside each other publishes the first and asks to look at the others anew', async () => {
    const versions = [await aDraft(5), await aDraft(6), await aDraft(7)];

    const published = await Promise.all(versions.map((version) => publish(version)));

    expect(published.map(({ kind }) => kind).toSorted()).toEqual(['outdated', 'outdated', 'published']);
    const inForce = await db.select().from(stagePlans).where(eq(stagePlans.inForce, true));
    expect(inForce.map(({ version }) => version)).toEqual([
      versions.find((_, index) => published[index]?.kind === 'published'),
    ]);
    expect(await db.$count(rollouts, eq(rollouts.state, 'running'))).toBe(1);
  });

  test('and changing it at once never puts content in force that was not looked at', async () => {
    const version = await aDraft(5);
    const change = { version, content: graceOf(99), by: 'ann' };

    const [published, changedDraft] = await Promise.all([
      publish(version),
      db.transaction((tx) => changeDraft(tx, change)),
    ]);

    const graceDays = (await readPlanInForce(db)).plan.graceDays;
    const isPublishedFirst = published.kind === 'published' && changedDraft.kind === 'no-draft' && graceDays === 5;
    const isChangedFirst = published.kind === 'changed-meanwhile' && changedDraft.kind === 'changed' && graceDays === 3;
    expect(isPublishedFirst || isChangedFirst).toBe(true);
  });

  test('goes by the house’s limits as they are when it is published', async () => {
    const version = await aDraft(5);
    const caps = { name: 'caps', content: { touchesPerDay: 1, contactsPerWeek: 2 }, changedBy: 'ann' } as const;
    await db.transaction((tx) => changeSetting(tx, caps));

    expect(await publish(version)).toMatchObject({
      kind: 'problems',
      problems: [{ path: 'caps.contactsPerWeek', code: 'caps-looser' }],
    });
  });

  test('ends the roll-out of its own scope, and leaves alone those of others, paused ones too', async () => {
    await publish(await aDraft(5));
    const ofSegment = { source: { kind: 'content', content: graceOf(6) }, by: 'ann', requestId: uuidv7() } as const;
    const drafted = await db.transaction((tx) => draftPlan(tx, { ...ofSegment, scope: { segment: 'claim-free' } }));
    await publish(drafted.kind === 'drafted' ? drafted.row.version : 0);
    await db.update(rollouts).set({ state: 'paused' }).where(eq(rollouts.planVersion, 3));

    await publish(await aDraft(7));

    const stored = await db.select().from(rollouts).orderBy(rollouts.planVersion);
    expect(stored.map(({ planVersion, state }) => [planVersion, state])).toEqual([
      [2, 'superseded'],
      [3, 'paused'],
      [4, 'running'],
    ]);
  });
});

describe('Drafting a stage plan', () => {
  test('again by the same request stores it once, and versions have no gaps and no twins', async () => {
    const requestId = uuidv7();

    const versions = await Promise.all([aDraft(5, requestId), aDraft(5, requestId), aDraft(6), aDraft(7)]);

    expect(versions[0]).toBe(versions[1]);
    expect([...new Set(versions)].toSorted()).toEqual([2, 3, 4]);
    const entries = and(eq(journal.chain, 'stage-plans'), eq(journal.event, 'plan-drafted'));
    expect(await db.$count(journal, entries)).toBe(3);
  });
});
