import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock, readClock } from '../../src/db/business-clock.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';
import { tokenFor } from '../api/running-api.ts';
import { anotherPlan } from '../support/another-plan.ts';
import { describeBook, night, openMixedBook, openNewcomers, today, untilNothingMoves } from './a-mixed-book.ts';
import { startSeason, until, type Season } from './a-season-of-cases.ts';
import {
  differences,
  foresee,
  lastingChanges,
  readArmed,
  readBooks,
  type Armed,
  type CaseFacts,
  type Foreseen,
} from './what-a-plan-did.ts';

const cases = Number(process.env['XUBAO_TEST_CASES'] ?? 200);
const newcomers = 10;
const realDayMs = 24 * 3_600_000;
const patienceMs = 60_000 + cases * 1_500;
let season: Season;
let before: Map<string, CaseFacts>;

beforeAll(
  async () => {
    season = await startSeason({ today, policies: 0, dayMs: realDayMs });
    await anchorClock(season.deps.db, { businessAt: night, speed: 1 });
    const begun = Date.now();
    await openMixedBook(season.deps, cases);
    say(
      `${cases} cases stand in ${Math.round((Date.now() - begun) / 1_000)} s: ${JSON.stringify(await describeBook(season.deps))}`,
    );
    before = await readBooks(season.deps);
  },
  60_000 + cases * 3_000,
);
afterAll(() => season.close());

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

type Answer = { version: number; contentHash: string; rolloutId: string };

async function ask(subject: string, path: string, body: unknown): Promise<Answer> {
  const { api } = season.stack.urls;
  const token = await tokenFor(api, subject);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
  };
  const response = await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${JSON.stringify(answer)}`);
  return answer as Answer;
}

const readRollout = async (id: string) => (await season.deps.db.select().from(rollouts).where(eq(rollouts.id, id)))[0]!;

/** Kills the worker once the roll-out has come to a share of the cases; answers how far it was. */
async function killWorkerAt(rolloutId: string, share: number): Promise<string> {
  await until(
    'the roll-out is under way',
    async () => (await readRollout(rolloutId)).looked >= share * cases,
    patienceMs,
  );
  const pid = season.stack.pids()['worker']!;
  process.kill(pid, 'SIGKILL');
  const { state, looked } = await readRollout(rolloutId);
  await until('the worker is back', async () => season.stack.pids()['worker'] !== pid);
  return `${state} ${looked < cases ? 'midway' : 'at its end'}`;
}

type RolledOut = {
  foreseen: Map<string, Foreseen>;
  books: Map<string, CaseFacts>;
  armedBefore: Map<string, Armed>;
  armed: Map<string, Armed>;
  hits: string[];
};

/** Drafts, previews, publishes and rolls out, while workers die. */
async function rollOut(draft: object, kills: number): Promise<RolledOut> {
  const { deps } = season;
  const { version, contentHash } = await ask('admin', '/v1/stage-plans', draft);
  const foreseen = await foresee(deps, version);
  const ids = [...foreseen.keys()];
  const armedBefore = await readArmed(deps, ids);
  const begun = Date.now();
  const nudgesPerSecond = Math.min(50, Math.max(5, Math.round(cases / 25)));
  const { rolloutId } = await ask('channel-manager', `/v1/stage-plans/${version}/publish`, {
    nudgesPerSecond,
    contentHash,
  });
  const hits: string[] = [];
  for (let kill = 1; kill <= kills; kill += 1) hits.push(await killWorkerAt(rolloutId, kill / (kills + 1)));
  await until('the roll-out is complete', async () => (await readRollout(rolloutId)).state === 'completed', patienceMs);
  await until('every case that was told has followed', async () => (await toldAndBehind(version)) === 0, patienceMs);
  await untilNothingMoves(deps);
  const took = Math.round((Date.now() - begun) / 1_000);
  const { total, looked, followed, nudged } = await readRollout(rolloutId);
  const meant = [...foreseen.values()].filter(({ nudge }) => nudge).length;
  say(
    `version ${version}: foreseen ${ids.length} cases, ${meant} nudges; ${JSON.stringify({ total, looked, followed, nudged, took, hits })}`,
  );
  return { foreseen, armedBefore, hits, books: await readBooks(deps), armed: await readArmed(deps, ids) };
}

const toldAndBehind = (version: number): Promise<number> =>
  season.deps.db.$count(
    renewals,
    sql`outcome is null and told_plan_version = ${version} and (armed_plan_version <> ${version} or plan_version <> ${version})`,
  );

async function differencesOf({ foreseen, books, armed }: RolledOut): Promise<string[]> {
  const found = differences(foreseen, { books, armed, clock: await readClock(season.deps.db) });
  say(`compared ${foreseen.size} cases: ${found.length} differences`);
  for (const one of found.slice(0, 20)) say(one);
  return found;
}

function countEach(words: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]));
}

describe('A stage plan that is published over running cases, while workers are killed', () => {
  let there: RolledOut;

  test(
    'does to each case what its preview said, and to no case anything else',
    async () => {
      there = await rollOut({ content: anotherPlan }, 2);
      expect(there.foreseen.size).toBe(cases);
      expect(await differencesOf(there)).toEqual([]);
    },
    patienceMs * 4,
  );

  test('was hit by every kill in the middle of its roll-out', () => {
    expect(there.hits).toEqual(['running midway', 'running midway']);
  });

  test('would show a case that became something else than foreseen, and a nudge that was forgotten', async () => {
    const clock = await readClock(season.deps.db);
    const [id, said] = [...there.foreseen].find(([, { nudge, nextWhat }]) => nudge && nextWhat.startsWith('stage'))!;
    const other = new Map([...there.foreseen, [id, { ...said, stage: 'another' }]] as const);
    const asleep = new Map([...there.armed, [id, there.armedBefore.get(id)!]] as const);
    expect(differences(other, { ...there, clock })).toHaveLength(1);
    expect(differences(there.foreseen, { ...there, armed: asleep, clock })).toHaveLength(1);
  });

  test(
    'is taken back by publishing the older content again, as previewed, also for cases that slept before their first stage',
    async () => {
      await openNewcomers(season.deps, { after: cases, cases: newcomers });
      const back = await rollOut({ copyOf: 1 }, 1);
      expect(back.foreseen.size).toBe(cases + newcomers);
      expect(await differencesOf(back)).toEqual([]);
      const lasting = [...before].flatMap(([id, facts]) => lastingChanges(facts, back.books.get(id)));
      say(`not as before, of ${cases} cases: ${JSON.stringify(countEach(lasting))}`);
      expect(lasting.filter((fact) => fact !== 'messages' && fact !== 'tasks')).toEqual([]);
    },
    patienceMs * 4,
  );
});
