import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { connectDatabase, type Connection, type Db } from '../../src/db/connection.ts';
import { draftPlan, type NewDraft } from '../../src/db/plans/draft-records.ts';
import { readPlanFindings } from '../../src/db/plans/plan-problems.ts';
import { readPlanRow } from '../../src/db/plans/plan-rows.ts';
import { publishPlan, type Published } from '../../src/db/plans/publish-plan.ts';
import { branches } from '../../src/db/schema/organisation.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { houseLimits } from '../support/given-plan-change.ts';
import { withTouches } from '../support/given-plans.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let connection: Connection;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl);
  db = connection.db;
  await publishDefaultPlan(db);
  await db.insert(branches).values({ id: 'B01', name: 'B01' });
});
afterEach(async () => {
  await connection.close();
  await database.drop();
});

const branch = { branchId: 'B01' };
const without = withTouches('intensive-chase', (touches) => touches.slice(0, 1));
const renamed = withTouches('intensive-chase', (touches) =>
  touches.map((touch) => (touch.key === 't-15' ? { ...touch, key: 'b-15' } : touch)),
);
const content = (plan: StagePlan) => ({ kind: 'content', content: plan }) as const;
const givingBack = { kind: 'follows-wider' } as const;

async function draft(source: NewDraft['source'], scope: NewDraft['scope'] = {}): Promise<number> {
  const drafted = await db.transaction((tx) => draftPlan(tx, { source, scope, by: 'ann', requestId: uuidv7() }));
  return drafted.kind === 'drafted' ? drafted.row.version : 0;
}

async function publish(version: number, contentHash?: string): Promise<Published> {
  const seen = contentHash ?? (await readPlanRow(db, version))!.contentHash;
  const asked = { version, by: 'bob', requestId: uuidv7(), nudgesPerSecond: 20, contentHash: seen };
  return db.transaction((tx) => publishPlan(tx, asked, houseLimits.templates));
}

const publishAll = async (plans: readonly StagePlan[], scope: NewDraft['scope']): Promise<void> => {
  for (const plan of plans) expect((await publish(await draft(content(plan), scope))).kind).toBe('published');
};

describe('A touch under another key', () => {
  test('is refused where a scope is given back to a plan that has it', async () => {
    await publishAll([without, renamed], branch);

    expect(await publish(await draft(givingBack, branch))).toMatchObject({
      kind: 'problems',
      problems: [{ path: 'followsWider', code: 'touch-renamed' }],
    });

    await publishAll([without], branch);
    expect((await publish(await draft(givingBack, branch))).kind).toBe('published');
  });

  test('is refused in a plan for a segment too, whose cases follow that of their branch', async () => {
    await publishAll([without, renamed], branch);

    expect(await publish(await draft(content(defaultStagePlan), { ...branch, segment: 'claim-free' }))).toMatchObject({
      kind: 'problems',
      problems: [{ code: 'touch-renamed' }],
    });
  });

  test('is a warning where the scope goes back to content that was published for it before', async () => {
    await publishAll([without, renamed], {});
    const back = await draft({ kind: 'copy', of: 1 });

    const findings = await readPlanFindings(db, (await readPlanRow(db, back))!, houseLimits.templates);
    expect(findings).toMatchObject({ problems: [], warnings: [{ code: 'touch-renamed' }] });
    expect((await publish(back)).kind).toBe('published');
  });
});

describe('The hash of a version that gives its scope back', () => {
  test('is that of the content that the scope will follow, and refuses once that is another one', async () => {
    await publishAll([without], branch);
    const back = await draft(givingBack, branch);
    const { contentHash } = (await readPlanRow(db, back))!;
    expect(contentHash).toBe((await readPlanRow(db, 1))!.contentHash);

    await publishAll([{ ...defaultStagePlan, graceDays: 5 }], {});

    expect((await publish(back, contentHash)).kind).toBe('changed-meanwhile');
    expect((await publish(back)).kind).toBe('published');
    await publishAll([{ ...defaultStagePlan, graceDays: 4 }], {});
    const [kept, followed] = [await readPlanRow(db, back), await readPlanRow(db, 4)];
    expect(kept!.contentHash).toBe(followed!.contentHash);
  });
});
