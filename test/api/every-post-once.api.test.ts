import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { connectTemporal } from '../../src/cases/connect.ts';
import { startCase } from '../../src/cases/start-case.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { operationsOf, readDocument, type Placed } from '../contract/document.ts';
import { runWorker } from './a-working-stack.ts';
import { pathFor } from './authorisation/cells.ts';
import { expected, type Expectation } from './authorisation/expectation.ts';
import { matrix } from './authorisation/matrix.ts';
import { askers, seedBranches, seedThings, type Things } from './authorisation/things.ts';
import { runApi, tokenFor, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let posts: Placed[];
let seeded = 0;

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await publishDefaultPlan(api.db);
  await seedBranches(api.db);
  worker = await runWorker(api.db, temporalAddress);
  posts = operationsOf(await readDocument(api.url)).filter(({ operation }) =>
    operation.parameters?.some(({ name }) => name === 'Idempotency-Key'),
  );
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** A request that somebody may make, about things that nobody else asks for. */
type Prepared = { url: string; asker: string; body: () => string | FormData };

async function prepare({ operation, method, path }: Placed): Promise<Prepared> {
  const expectation = matrix[operation.operationId]!;
  const label = `once-${(seeded += 1)}`;
  const things = await seedThings(api.db, label);
  await start(things);
  const about = { things, where: 'own' as const };
  const body = (): string | FormData => {
    const written = expectation.bodyOf?.(about) ?? expectation.body ?? {};
    // What is created is named anew.
    return written instanceof FormData ? written : JSON.stringify(written).replaceAll('"N1"', `"${label}"`);
  };
  const url = `${api.url}${pathFor({ method, path }, expectation, about)}`;
  return { url, asker: askers[whoMay(expectation)], body };
}

async function start(things: Things): Promise<void> {
  const temporal = connectTemporal({
    temporal: { address: inject('temporalAddress'), namespace: 'default', uiUrl: '', tls: false },
  });
  const deps = { db: api.db, temporal, calendar: businessCalendar('Asia/Shanghai') };
  await startCase(deps, things.renewal.own);
  await temporal.close();
}

function whoMay(expectation: Expectation) {
  const roles = Object.keys(askers) as (keyof typeof askers)[];
  const isAdmitted = (role: (typeof roles)[number]): boolean =>
    expectation.kind === 'plain'
      ? expectation.roles.includes(role)
      : expectation.kind !== 'open' && expected(expectation.seen, role, 'own') === 'admitted';
  return roles.find(isAdmitted)!;
}

async function send({ url, asker, body }: Prepared, key?: string): Promise<{ status: number; text: string }> {
  const content = body();
  const response = await fetch(url, {
    method: 'POST',
    body: content,
    headers: {
      authorization: `Bearer ${await tokenFor(api.url, asker)}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(content instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
  });
  return { status: response.status, text: await response.text() };
}

/** What people did: entries of theirs in the journal, and rows that nobody else writes. */
async function countEffects(asker: string): Promise<Record<string, number>> {
  const tables = ['contact_results', 'quotes', 'concessions', 'absences', 'staff', 'branches', 'teams', 'imports'];
  const counts = tables.map(
    (table) => sql`(select count(*)::int from ${sql.identifier(table)}) as ${sql.identifier(table)}`,
  );
  const journal = sql`(select count(*)::int from journal where actor = ${asker}) as journal`;
  const { rows } = await api.db.execute(sql`select ${sql.join([...counts, journal], sql`, `)}`);
  return rows[0] as Record<string, number>;
}

async function effectsOf(asker: string, work: () => Promise<void>): Promise<Record<string, number>> {
  const before = await countEffects(asker);
  await work();
  const after = await countEffects(asker);
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name]!]));
}

const isSame = (one: Prepared, other: Prepared): boolean =>
  one.url === other.url && JSON.stringify(one.body()) === JSON.stringify(other.body());

/** Some requests name nothing that could differ: an intake stands in for them, an import for the intake, by the same person. */
async function anotherImport({ path }: Placed, asker: string): Promise<Prepared> {
  const other = path === '/v1/intake' ? '/v1/imports' : '/v1/intake';
  return { ...(await prepare(posts.find((post) => post.path === other)!)), asker };
}

describe('Every POST that takes an Idempotency-Key', () => {
  test('sent 50 times at once has the effect of one and one answer', { timeout: 240_000 }, async () => {
    const wrong: string[] = [];
    for (const post of posts) {
      const [alone, repeated] = [await prepare(post), await prepare(post)];
      let once = 0;
      const effect = await effectsOf(
        alone.asker,
        async () => void (once = (await send(alone, crypto.randomUUID())).status),
      );
      const answers = new Set<string>();
      const effects = await effectsOf(repeated.asker, async () => {
        const key = crypto.randomUUID();
        const sent = await Promise.all(Array.from({ length: 50 }, () => send(repeated, key)));
        for (const { status, text } of sent) answers.add(`${status} ${text}`);
      });
      if (answers.size !== 1)
        wrong.push(`${post.place}: ${answers.size} answers: ${[...answers].join(' | ').slice(0, 600)}`);
      if (![...answers][0]!.startsWith(`${once} `)) wrong.push(`${post.place}: ${once} alone, ${[...answers][0]}`);
      if (once >= 500) wrong.push(`${post.place}: ${once}`);
      const [one, fifty] = [JSON.stringify(effect), JSON.stringify(effects)];
      if (one !== fifty) wrong.push(`${post.place}: ${one} alone, ${fifty} together`);
    }
    expect(posts.length).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  test('refuses a request without one', { timeout: 120_000 }, async () => {
    const statuses = await Promise.all(
      posts.map(async (post) => `${post.place} ${(await send(await prepare(post))).status}`),
    );
    expect(statuses.filter((answer) => !answer.endsWith(' 428'))).toEqual([]);
  });

  test('refuses the key of another request', { timeout: 240_000 }, async () => {
    const answers: string[] = [];
    for (const post of posts) {
      const [first, other] = [await prepare(post), await prepare(post)];
      const key = crypto.randomUUID();
      await send(first, key);
      const { status, text } = await send(isSame(first, other) ? await anotherImport(post, first.asker) : other, key);
      answers.push(`${post.place} ${status} ${/"code":"([^"]*)"/.exec(text)?.[1]}`);
    }
    expect(answers.filter((answer) => !answer.endsWith(' 422 key-reused'))).toEqual([]);
  });
});
