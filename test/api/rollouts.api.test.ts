import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { publish } from '../support/given-plans.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let running: RunningApi;
let admin: Asker;

beforeAll(async () => {
  running = await runApi();
  admin = running.as('admin');
  await running.db.insert(branches).values([
    { id: 'B01', name: '济南' },
    { id: 'B02', name: '青岛' },
  ]);
  const manager = { id: 'M01', name: '王', roles: ['channel-manager'], branchId: 'B01' };
  await running.db.insert(staff).values(manager);
});
afterAll(() => running.close());

async function aRollout(facts: Partial<typeof rollouts.$inferInsert> = {}, branchId: string | null = null) {
  const version = await publish(running.db, defaultStagePlan, { branchId });
  const id = uuidv7();
  const begun = { total: 1_000, looked: 400, followed: 380, nudged: 100, nudgesPerSecond: 5 };
  const started = { startedBy: 'M01', startedAt: new Date('2027-03-15T01:00:00Z') };
  await running.db
    .insert(rollouts)
    .values({ id, planVersion: version, state: 'running', ...begun, ...started, ...facts });
  return { id, version };
}

const eventsOf = async (id: string): Promise<string[]> => {
  const entries = await running.db
    .select()
    .from(journal)
    .where(eq(journal.chain, 'stage-plans'))
    .orderBy(journal.sequence);
  return entries.filter(({ inputs }) => (inputs as { rolloutId?: string }).rolloutId === id).map(({ event }) => event);
};

describe('A roll-out', () => {
  test('is read with its counts and the minutes that are left at its pace', async () => {
    const { id, version } = await aRollout();
    const { status, body } = await running.as('agent').get(`/v1/rollouts/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      planVersion: version,
      state: 'running',
      nudgesPerSecond: 5,
      total: 1_000,
      looked: 400,
      followed: 380,
      nudged: 100,
      minutesLeft: 1,
      startedBy: 'M01',
      startedAt: '2027-03-15T01:00:00.000Z',
      pausedBy: null,
      finishedAt: null,
    });
  });

  test('has no minutes left once it is over', async () => {
    const { id } = await aRollout({ state: 'completed', finishedAt: new Date('2027-03-15T01:10:00Z') });
    expect((await admin.get(`/v1/rollouts/${id}`)).body).toMatchObject({ minutesLeft: null, state: 'completed' });
  });

  test('is listed, the newest plan first, page by page', async () => {
    const [older, newer] = [await aRollout(), await aRollout()];
    const first = await admin.get('/v1/rollouts?limit=1');
    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual([newer.id]);
    const second = await admin.get(`/v1/rollouts?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual([older.id]);
    const one = await admin.get(`/v1/rollouts?planVersion=${older.version}&state=running`);
    expect(one.body.items).toHaveLength(1);
  });

  test('that is paused twice stands still once, and the journal says who did it', async () => {
    const { id } = await aRollout();
    expect((await admin.post(`/v1/rollouts/${id}/pause`)).body).toMatchObject({ state: 'paused', pausedBy: 'admin' });
    expect((await admin.post(`/v1/rollouts/${id}/pause`)).status).toBe(200);
    expect(await eventsOf(id)).toEqual(['rollout-paused']);
  });

  test('is resumed in the books while Temporal is away, and the caller is told to ask again', async () => {
    const { id } = await aRollout({ state: 'paused', pausedBy: 'admin' });
    const { status, headers } = await admin.post(`/v1/rollouts/${id}/resume`);
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await admin.get(`/v1/rollouts/${id}`)).body).toMatchObject({ state: 'running', pausedBy: null });
  });

  test('that is over is neither paused nor resumed', async () => {
    const { id } = await aRollout({ state: 'superseded' });
    for (const steer of ['pause', 'resume']) {
      const { status, body } = await admin.post(`/v1/rollouts/${id}/${steer}`);
      expect([status, body.code]).toEqual([409, 'rollout-over']);
    }
  });

  test('of a plan beyond their branch is not for a channel manager to steer', async () => {
    const [own, foreign] = [await aRollout({}, 'B01'), await aRollout({}, 'B02')];
    expect((await running.as('M01').post(`/v1/rollouts/${own.id}/pause`)).status).toBe(200);
    const { status, body } = await running.as('M01').post(`/v1/rollouts/${foreign.id}/pause`);
    expect([status, body.code]).toEqual([403, 'beyond-your-branch']);
  });

  test('that is not there is a 404', async () => {
    expect((await admin.get(`/v1/rollouts/${uuidv7()}`)).status).toBe(404);
    expect((await admin.post(`/v1/rollouts/${uuidv7()}/pause`)).status).toBe(404);
  });
});
