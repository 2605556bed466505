import { fc } from '@fast-check/vitest';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
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

/** Publishes one after the other, version 1 first, asks, and leaves nothing behind. */
async function ask(published: readonly Publication[], { branchId, segment }: Scope, candidate: number | null) {
  let answer: number | null = null;
  const asking = connection.db.transaction(async (tx) => {
    for (const [index, { followsWider, ...scope }] of published.entries()) {
      const isDraft = index + 1 === candidate;
      const same = sql`branch_id is not distinct from ${scope.branchId} and segment is not distinct from ${scope.segment}`;
      if (!isDraft) await tx.execute(sql`update stage_plans set in_force = false where ${same}`);
      const state = isDraft ? ('draft' as const) : ('published' as const);
      const row = { version: index + 1, state, ...scope, followsWider, inForce: !isDraft && !followsWider };
      await tx.insert(stagePlans).values({ ...row, content: defaultStagePlan });
    }
    const { rows } = await tx.execute<{ version: number | null }>(
      sql`select plan_in_force(${branchId}::text, ${segment}::text, ${candidate}::int) as version`,
    );
    answer = rows[0]!.version;
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
        expect(await ask(published, scope, null)).toBe(naivelyInForce(published, scope));
      }),
      { numRuns: 80 },
    );
  });

  test('with a candidate is the one that would hold if that draft were published', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(publication, { minLength: 1, maxLength: 8 }), question, async (published, scope) => {
        expect(await ask(published, scope, published.length)).toBe(naivelyInForce(published, scope));
      }),
      { numRuns: 80 },
    );
  });
});

describe('A published stage plan', () => {
  test.each([
    ['content', sql`update stage_plans set content = '{}' where version = 1`],
    ['branch', sql`update stage_plans set branch_id = 'north' where version = 1`],
    ['segment', sql`update stage_plans set segment = 'claim-free' where version = 1`],
    ['state', sql`update stage_plans set state = 'draft' where version = 1`],
    ['meaning', sql`update stage_plans set follows_wider = true where version = 1`],
    ['place, by being deleted,', sql`delete from stage_plans where version = 1`],
  ])('never changes its %s', async (_what, statement) => {
    const changing = connection.db.transaction(async (tx) => {
      await tx.insert(stagePlans).values({ version: 1, state: 'published', inForce: true, content: defaultStagePlan });
      await tx.execute(statement);
    });

    await expect(changing).rejects.toMatchObject({ cause: { message: 'stage plan 1 is published and never changes' } });
  });
});
