import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { publish } from '../support/given-plans.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const admin = () => api.as('admin');

describe('The tree of branches', () => {
  test('grows below a branch, whose managers see the new one at once', async () => {
    await admin().post('/v1/branches', { id: 'north-east', name: 'North-east', parentId: 'north' });
    const { body } = await api.as('north-manager').get('/v1/branches');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['north', 'north-east']);
    const id = await aCase(api.db, { number: 'NE', branchId: 'north-east', teamId: null, ownerId: null });
    expect((await api.as('north-manager').get(`/v1/renewals/${id}`)).status).toBe(200);
    expect((await api.as('south-manager').get(`/v1/renewals/${id}`)).status).toBe(404);
  });

  test('has no circle, not even when two moves close it together', async () => {
    for (const id of ['ring-1', 'ring-2']) await admin().post('/v1/branches', { id, name: id, parentId: 'head' });
    expect((await admin().put('/v1/branches/ring-1', { parentId: 'ring-1' })).status).toBe(409);
    const moves = await Promise.all([
      admin().put('/v1/branches/ring-1', { parentId: 'ring-2' }),
      admin().put('/v1/branches/ring-2', { parentId: 'ring-1' }),
    ]);
    expect(moves.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('does not move below a branch that is not there', async () => {
    const answers = [
      await admin().put('/v1/branches/north', { parentId: 'nowhere' }),
      await admin().post('/v1/branches', { id: 'lost', name: 'Lost', parentId: 'nowhere' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422]);
  });

  test('moves no branch whose open cases would follow another stage plan there', async () => {
    await admin().post('/v1/branches', { id: 'quarter', name: 'Quarter', parentId: 'head' });
    await publish(api.db, { ...defaultStagePlan, graceDays: 4 }, { branchId: 'quarter' });
    await aCase(api.db, { number: 'MV', branchId: 'south', teamId: null, ownerId: null });

    const refused = await admin().put('/v1/branches/south', { parentId: 'quarter' });
    const renamed = await admin().put('/v1/branches/south', { name: 'South of all' });
    await publish(api.db, defaultStagePlan, { branchId: 'south' });
    const moved = await admin().put('/v1/branches/south', { parentId: 'quarter' });

    expect(refused).toMatchObject({ status: 409, body: { code: 'plan-would-change' } });
    expect(renamed).toMatchObject({ status: 200, body: { parentId: 'head' } });
    expect(moved).toMatchObject({ status: 200, body: { parentId: 'quarter' } });
  });

  test('names a branch once', async () => {
    expect((await admin().post('/v1/branches', { id: 'north', name: 'North' })).status).toBe(409);
  });
});

describe('A team', () => {
  test('is led by a supervisor who is still here', async () => {
    const withLeader = (supervisorId: string) => admin().put('/v1/teams/north-team', { supervisorId });
    expect((await withLeader('north-agent')).status).toBe(422);
    expect((await withLeader('NOBODY')).status).toBe(422);
    await admin().post('/v1/staff', { id: 'LEAD-2', name: 'LEAD-2', roles: ['supervisor'], branchId: 'north' });
    expect((await withLeader('LEAD-2')).status).toBe(200);
    expect((await api.as('LEAD-2').get('/v1/staff/north-agent')).status).toBe(200);
    expect((await withLeader('north-lead')).status).toBe(200);
  });

  test('lies in a branch that exists, and moves only without members', async () => {
    expect((await admin().post('/v1/teams', { id: 'T9', branchId: 'nowhere' })).status).toBe(422);
    expect((await admin().post('/v1/teams', { id: 'T9', branchId: 'north' })).status).toBe(201);
    expect((await admin().put('/v1/teams/T9', { branchId: 'south' })).body.branchId).toBe('south');
    expect((await admin().put('/v1/teams/north-team', { branchId: 'south' })).status).toBe(409);
  });

  test('is seen by its leader and by managers of its branch', async () => {
    const seenBy = async (subject: string) =>
      (await api.as(subject).get('/v1/teams')).body.items.map(({ id }: { id: string }) => id);
    expect(await seenBy('north-lead')).toEqual(['north-team']);
    expect(await seenBy('south-manager')).toEqual(['T9', 'south-team']);
  });
});

describe('Leave', () => {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const inDays = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const leave = (from: number, to: number) => ({ fromOn: inDays(from), toOn: inDays(to), reason: 'Annual leave' });
  const path = '/v1/staff/north-agent/absences';

  test('is recorded by who leads, and overlaps no other', async () => {
    const recorded = await api.as('north-lead').post(path, leave(10, 12));
    expect(recorded.status).toBe(201);
    expect(recorded.body).toMatchObject({ staffId: 'north-agent', fromOn: inDays(10), toOn: inDays(12) });
    expect((await api.as('north-lead').post(path, leave(12, 14))).status).toBe(409);
    expect((await api.as('north-lead').post(path, leave(13, 14))).status).toBe(201);
    const { body } = await api.as('north-manager').get(path);
    expect(body.items.map((item: { fromOn: string }) => item.fromOn)).toEqual([inDays(10), inDays(13)]);
  });

  test.each([
    ['that is over', -9, -1],
    ['that ends before it begins', 5, 4],
  ])('%s is refused', async (_what, from, to) => {
    expect((await api.as('north-lead').post(path, leave(from, to))).status).toBe(422);
  });

  test('of somebody else’s team is out of reach', async () => {
    expect((await api.as('south-lead').post(path, leave(20, 21))).status).toBe(404);
    expect((await api.as('south-lead').get(path)).status).toBe(404);
  });

  test('gives the work that is due on these days to somebody else', async () => {
    const facts = { kind: 'first-contact', role: 'agent', teamId: 'north-team' };
    const dueAt = new Date(`${inDays(31)}T03:00:00Z`);
    const renewalId = await aCase(api.db, { number: 'COVERED' });
    const task = await aTask(api.db, { ...facts, renewalId, assigneeId: 'north-agent', dueAt });
    await api.as('north-lead').post(path, leave(30, 32));
    const { body } = await api.as('north-lead').get(`/v1/tasks/${task}`);
    expect(body.assigneeId).not.toBe('north-agent');
  });

  test('that is withdrawn makes room, and leave that has begun ends yesterday', async () => {
    const south = '/v1/staff/south-agent/absences';
    const lead = api.as('south-lead');
    const [coming, running] = [await lead.post(south, leave(5, 6)), await lead.post(south, leave(-2, 3))];
    const withdraw = (id: string) => lead.post(`${south}/${id}/withdrawal`);
    expect((await withdraw(coming.body.id)).body).toEqual({ id: coming.body.id, left: null });
    expect((await withdraw(running.body.id)).body.left).toMatchObject({ fromOn: inDays(-2), toOn: inDays(-1) });
    expect((await lead.post(south, leave(0, 6))).status).toBe(201);
    expect((await withdraw(coming.body.id)).status).toBe(404);
    expect((await withdraw(running.body.id)).status).toBe(409);
  });

  test('is withdrawn under its own person only', async () => {
    const { body } = await api.as('south-lead').post('/v1/staff/south-peer/absences', leave(1, 2));
    const foreign = await api.as('north-lead').post(`${path}/${body.id}/withdrawal`);
    expect(foreign.status).toBe(404);
  });
});
