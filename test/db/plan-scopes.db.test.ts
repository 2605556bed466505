import { fc } from '@fast-check/vitest';
import { eq, sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection, type Db } from '../../src/db/connection.ts';
import { branches } from '../../src/db/schema/organisation.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

const parents: Record<string, string | null> = {
  head: null,
  north: 'head',
  harbour: 'north',
  quay: 'harbour',
  south: 'head',
};
const branchIds = Object.keys(parents);
const segments = ['claim-free', 'one-claim'];

let database: FreshDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl);
  for (const id of branchIds) await connection.db.insert(branches).values({ id, name: id, parentId: parents[id]! });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

type Scope = { branchId: string | null; segment: string | null };
type Publication = Scope & { followsWider: boolean };

const anyScope = {
  branchId: fc.constantFrom(null, ...branchIds),
  segment: fc.constantFrom(null, ...segments),
};
const publication: fc.Arbitrary<Publication> = fc.record({ ...anyScope, followsWider: fc.boolean() });
const question: fc.Arbitrary<Scope> = fc.record(anyScope);

/** The rule in words: the nearest branch upwards that has a plan for the segment, else for all segments; else no branch's. */
function naivelyInForce(published: readonly Publication[], { branchId, segment }: Scope): number | null {
  for (const branch of [...chainFrom(branchId), null])
    for (const wanted of new Set([segment, null])) {
      const version = published.findLastIndex((one) => one.branchId === branch && one.segment === wanted) + 1;
      if (version > 0 && !published[version - 1]!.followsWider) return version;
    }
  return null;
}

function chainFrom(branchId: string | null): string[] {
  return branchId === null ? [] : [branchId, ...chainFrom(parents[branchId] ?? null)];
}

const rollBack = new Error('rolled back');

function putInForce(tx: Db, { version, followsWider = false }: { version: number; followsWider?: boolean }) {
  return tx
    .update(stagePlans)
    .set({ state: 'published', inForce: !followsWider })
    .where(eq(stagePlans.version, version))
    .execute();
}

/** Publishes one after the other, version 1 first, asks, and leaves nothing behind. */
async function ask(published: readonly Publication[], { branchId, segment }: Scope, candidate: number | null) {
  let answer: { version: number | null; steers: boolean } = { version: null, steers: false };
  const asking = connection.db.transaction(async (tx) => {
    for (const [index, { followsWider, ...scope }] of published.entries()) {
      const isDraft = index + 1 === candidate;
      const version = index + 1;
      await tx
        .insert(stagePlans)
        .values({ version, state: 'draft', ...scope, followsWider, content: defaultStagePlan });
      if (!isDraft) await putInForce(tx, { version, followsWider });
    }
    const { rows } = await tx.execute<typeof answer>(
      sql`select plan_in_force(${branchId}::text, ${segment}::text, ${candidate}::int) as version,
        plan_steers(${candidate}::int, ${branchId}::text, ${segment}::text) as steers`,
    );
    answer = rows[0]!;
    throw rollBack;
  });
  await asking.catch((error: unknown) => {
    if (error !== rollBack) throw error;
  });
  return answer;
}

describe('The stage plan in force', () => {
  test('is that of the nearest branch, else of the segment, else the default one, whatever was published in which order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(publication, { maxLength: 8 }), question, async (published, scope) => {
        expect((await ask(published, scope, null)).version).toBe(naivelyInForce(published, scope));
      }),
      { numRuns: 80 },
    );
  });

  test('with a candidate is the one that would hold if that draft were published', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(publication, { minLength: 1, maxLength: 8 }), question, async (published, scope) => {
        expect((await ask(published, scope, published.length)).version).toBe(naivelyInForce(published, scope));
      }),
      { numRuns: 80 },
    );
  });
});

describe('A stage plan', () => {
  test('decides for those who would follow it if it had content of its own, so for those whom it gives back too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(publication, { minLength: 1, maxLength: 8 }), question, async (published, scope) => {
        const withContent = [...published.slice(0, -1), { ...published.at(-1)!, followsWider: false }];
        const decides = naivelyInForce(withContent, scope) === published.length;
        expect((await ask(published, scope, published.length)).steers).toBe(decides);
      }),
      { numRuns: 80 },
    );
  });
});

describe('Stage plans in the books', () => {
  const draft = (version: number) => ({ version, state: 'draft' as const, content: defaultStagePlan });
  const given = async (tx: Db): Promise<void> => {
    await tx.insert(stagePlans).values({ ...draft(1), state: 'published', inForce: true });
    await tx.insert(stagePlans).values([draft(2), draft(3), { ...draft(4), state: 'discarded' }]);
    await putInForce(tx, { version: 2 });
  };
  const refusalOf = (statement: SQL): Promise<unknown> =>
    connection.db
      .transaction(async (tx) => {
        await given(tx);
        await tx.execute(statement);
        throw rollBack;
      })
      .catch((error: unknown) => (error === rollBack ? 'taken' : (error as Error).cause));

  test.each([
    ['changes its content', sql`update stage_plans set content = '{}' where version = 1`],
    ['changes its branch', sql`update stage_plans set branch_id = 'north' where version = 1`],
    ['changes its segment', sql`update stage_plans set segment = 'claim-free' where version = 1`],
    ['goes back to a draft', sql`update stage_plans set state = 'draft' where version = 1`],
    ['gives its scope back afterwards', sql`update stage_plans set follows_wider = true where version = 2`],
    ['is deleted', sql`delete from stage_plans where version = 1`],
    ['gets another number', sql`update stage_plans set version = 99 where version = 1`],
    ['is taken out of force by hand', sql`update stage_plans set in_force = false where version = 2`],
    ['is put in force again by hand', sql`update stage_plans set in_force = true where version = 1`],
  ])('a published one never %s', async (_what, statement) => {
    expect(await refusalOf(statement)).toMatchObject({ message: expect.stringContaining('never changes') });
  });

  test.each([
    [
      'published without having been a draft',
      sql`insert into stage_plans (version, state, content, in_force) values (9, 'published', '{}', true)`,
    ],
    [
      'in force without being published',
      sql`insert into stage_plans (version, state, content, in_force) values (9, 'draft', '{}', true)`,
    ],
    ['published after it was discarded', sql`update stage_plans set state = 'published' where version = 4`],
    ['numbered anew', sql`update stage_plans set version = 99 where version = 3`],
  ])('none is %s', async (_what, statement) => {
    expect(await refusalOf(statement)).toBeInstanceOf(Error);
  });

  test('publishing one takes the one before it in its scope out of force', async () => {
    const inForce = connection.db.transaction(async (tx) => {
      await given(tx);
      const rows = await tx.select().from(stagePlans).where(eq(stagePlans.inForce, true));
      throw Object.assign(rollBack, { versions: rows.map(({ version }) => version) });
    });

    await expect(inForce).rejects.toMatchObject({ versions: [2] });
  });
});
