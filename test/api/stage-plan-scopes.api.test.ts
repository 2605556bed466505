import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan, readPlanInForce } from '../../src/db/cases/plan-records.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { changed, type PlanChange } from '../support/given-plan-change.ts';
import { endRollouts } from '../support/rollouts.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;

beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await publishDefaultPlan(api.db);
  await seedOrganisation(api.db);
  await api.db.insert(staff).values({ id: 'other-admin', name: 'Other', roles: ['admin'] });
  admin = api.as('admin');
});
afterAll(async () => {
  await endRollouts(api.db);
  await api.close();
});

const graceOf = (graceDays: number): StagePlan => changed((plan) => (plan.graceDays = graceDays));

async function drafted(body: object): Promise<string> {
  const { status, body: page } = await admin.post('/v1/stage-plans', body);
  expect(status).toBe(201);
  return `/v1/stage-plans/${page.version}`;
}

/** Publishes what an admin has looked at. */
async function publishAs(subject: string, path: string) {
  const { body } = await admin.get(path);
  return api.as(subject).post(`${path}/publish`, { contentHash: body.contentHash });
}

const graceIn = async (branchId: string, segment: string | null = null): Promise<number> =>
  (await readPlanInForce(api.db, { branchId, segment })).plan.graceDays;

describe('A stage plan of one branch', () => {
  test('is published by the channel manager of that branch, and by none of another', async () => {
    const path = await drafted({ content: graceOf(5), branchId: 'north' });

    const stranger = await publishAs('south-manager', path);
    const own = await publishAs('north-manager', path);

    expect(stranger).toMatchObject({ status: 403, body: { code: 'beyond-your-branch' } });
    expect(own.status).toBe(200);
    expect([await graceIn('north'), await graceIn('south'), await graceIn('head')]).toEqual([5, 3, 3]);
  });

  test('for all branches is beyond the channel manager of one', async () => {
    const path = await drafted({ content: graceOf(4) });

    const refused = await publishAs('north-manager', path);

    expect(refused).toMatchObject({ status: 403, body: { code: 'beyond-your-branch' } });
  });

  test('gives way to the wider plan when its scope is given back', async () => {
    await publishAs('other-admin', await drafted({ content: graceOf(8), branchId: 'south' }));
    const path = await drafted({ followsWider: true, branchId: 'south' });
    const page = await admin.get(path);

    const published = await publishAs('south-manager', path);

    expect(page.body).toMatchObject({ content: null, problems: [] });
    expect(page.body.differences).toEqual([{ path: 'graceDays', before: 8, after: 3 }]);
    expect(published).toMatchObject({ status: 200, body: { inForce: false } });
    expect(await graceIn('south')).toBe(3);
  });

  test('cannot be given back where there is none', async () => {
    const path = await drafted({ followsWider: true, segment: 'one-claim' });

    const refused = await publishAs('other-admin', path);

    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'followsWider' }] } });
  });

  test('comes before that of a segment, and a copy keeps the scope of what it copies', async () => {
    await publishAs('other-admin', await drafted({ content: graceOf(9), segment: 'claim-free' }));
    const { body } = await admin.get('/v1/stage-plans?branchId=north&inForce=true');
    const copy = await admin.post('/v1/stage-plans', { copyOf: body.items[0].version });

    expect([await graceIn('south', 'claim-free'), await graceIn('north', 'claim-free')]).toEqual([9, 5]);
    expect(copy.body).toMatchObject({ branchId: 'north', segment: null, content: { graceDays: 5 } });
  });
});

describe('What nobody can draft', () => {
  const plan = (change: PlanChange) => ({ content: changed(change) });

  test.each<[string, string, object]>([
    ['a plan of nothing', 'content', {}],
    ['a plan of two sources', 'copyOf', { content: defaultStagePlan, copyOf: 1 }],
    ['a copy of nothing', 'copyOf', { copyOf: 4_711 }],
    ['a plan for no branch that there is', 'branchId', { content: defaultStagePlan, branchId: 'west' }],
    ['a plan for no segment that there is', 'segment', { content: defaultStagePlan, segment: 'vip' }],
    ['to give back what holds for all', 'followsWider', { followsWider: true }],
    ['a field that no plan has', 'content.mood', { content: { ...defaultStagePlan, mood: 'good' } }],
    ['days that are no number', 'content.graceDays', { content: { ...defaultStagePlan, graceDays: 'three' } }],
    ['half days', 'content.graceDays', { content: { ...defaultStagePlan, graceDays: 3.5 } }],
    ['no stages', 'content.stages', { content: { ...defaultStagePlan, stages: 'all' } }],
    [
      'work of a kind that does not exist',
      'content.stages.0.tasks.0.kind',
      plan((one) => (one.stages[0].tasks[0].kind = 'coffee')),
    ],
    [
      'a role that does not exist',
      'content.stages.1.unanswered.handedOut',
      plan((one) => (one.stages[1].unanswered.handedOut = 'boss')),
    ],
  ])('is %s', async (_what, path, body) => {
    const refused = await admin.post('/v1/stage-plans', body);

    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test('is anything by somebody who is no admin, and versions that are none are not there', async () => {
    expect((await api.as('channel-manager').post('/v1/stage-plans', { copyOf: 1 })).status).toBe(403);
    for (const version of ['0', '4711', '2147483648', 'one', '1.5', '%00'])
      expect([version, (await admin.get(`/v1/stage-plans/${version}`)).status]).toEqual([version, 404]);
    expect((await admin.get('/v1/stage-plans?cursor=abc')).status).toBe(422);
  });

  test('but lists go through all versions, page by page', async () => {
    const seen: number[] = [];
    for (let cursor = ''; ;) {
      const { body } = await admin.get(`/v1/stage-plans?limit=2${cursor}`);
      seen.push(...body.items.map((item: { version: number }) => item.version));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }

    expect(seen).toEqual(seen.toSorted((one, other) => other - one));
    expect(seen.at(-1)).toBe(1);
  });
});
