import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan, readPlanInForce } from '../../src/db/cases/plan-records.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { changed } from '../support/given-plan-change.ts';
import { endRollouts } from '../support/rollouts.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;
let other: Asker;

beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await publishDefaultPlan(api.db);
  await seedOrganisation(api.db);
  await api.db.insert(staff).values({ id: 'other-admin', name: 'Other', roles: ['admin'] });
  admin = api.as('admin');
  other = api.as('other-admin');
});
afterAll(async () => {
  await endRollouts(api.db);
  await api.close();
});

const graceOf = (graceDays: number): StagePlan => changed((plan) => (plan.graceDays = graceDays));

async function draft(body: object, asker = admin): Promise<{ version: number; contentHash: string }> {
  const drafted = await asker.post('/v1/stage-plans', body);
  expect(drafted.status).toBe(201);
  return drafted.body;
}

/** What somebody sends who has looked at a version. */
const seenAt = async (version: number) => {
  const { body } = await admin.get(`/v1/stage-plans/${version}`);
  return { contentHash: body.contentHash as string };
};

/** Drafts by one admin, publishes by the other. */
async function publish(body: object): Promise<number> {
  const { version, contentHash } = await draft(body);
  const published = await other.post(`/v1/stage-plans/${version}/publish`, { contentHash });
  expect(published).toMatchObject({ status: 200, body: { version } });
  return version;
}

describe('A stage plan, from its draft to its publishing', () => {
  test('is read by everybody: the default one is in force as version 1', async () => {
    const { body } = await api.as('north-agent').get('/v1/stage-plans?inForce=true');
    const one = await api.as('auditor').get('/v1/stage-plans/1');

    expect(body.items).toMatchObject([{ version: 1, state: 'published', branchId: null, segment: null }]);
    expect(one.body).toMatchObject({ content: defaultStagePlan, problems: [], comparedWith: 1, differences: [] });
    expect(Object.keys(one.body.content)).toEqual(Object.keys(defaultStagePlan));
  });

  test('names its problems while it is a draft, and all of them when somebody publishes it', async () => {
    const content = changed((plan) => {
      plan.stages[1].opensDaysBefore = 40;
      plan.caps.contactsPerWeek = 9;
    });
    const drafted = await admin.post('/v1/stage-plans', { content, note: 'first try' });
    const { version, contentHash } = drafted.body;
    const published = await other.post(`/v1/stage-plans/${version}/publish`, { contentHash });

    expect(drafted.body.problems).toMatchObject([
      { path: 'stages[1].opensDaysBefore', code: 'stage-gap' },
      { path: 'caps.contactsPerWeek', code: 'caps-looser' },
    ]);
    expect(published).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(published.body.errors).toEqual([
      { path: 'stages[1].opensDaysBefore', message: drafted.body.problems[0].message },
      { path: 'caps.contactsPerWeek', message: drafted.body.problems[1].message },
    ]);
  });

  test('is mended, looked at by somebody else and put in force with a roll-out and a journal', async () => {
    const { version } = await draft({ content: graceOf(40), note: 'longer grace' });
    const mended = await admin.put(`/v1/stage-plans/${version}`, { content: graceOf(5) });
    const own = await admin.post(`/v1/stage-plans/${version}/publish`, await seenAt(version));
    const body = { nudgesPerSecond: 50, contentHash: mended.body.contentHash };
    const published = await api.as('channel-manager').post(`/v1/stage-plans/${version}/publish`, body);

    expect(mended.body).toMatchObject({
      problems: [],
      comparedWith: 1,
      differences: [{ path: 'graceDays', before: 3, after: 5 }],
    });
    expect(own).toMatchObject({ status: 403, body: { code: 'second-pair-of-eyes' } });
    expect(published).toMatchObject({ status: 200, body: { version, publishedBy: 'channel-manager', inForce: true } });
    expect(await readPlanInForce(api.db)).toEqual({ version, plan: graceOf(5) });
    const [rollout] = await api.db.select().from(rollouts).where(eq(rollouts.id, published.body.rolloutId));
    expect(rollout).toMatchObject({ planVersion: version, state: 'running', nudgesPerSecond: 50 });
    expect(await entriesOf(version)).toMatchObject([
      { actor: 'admin', event: 'plan-drafted' },
      { actor: 'admin', event: 'plan-changed', inputs: { contentHash: mended.body.contentHash } },
      { actor: 'channel-manager', event: 'plan-published', inputs: { from: 1, to: version } },
    ]);
  });

  test('is published once: the same request gets the same answer, another one a refusal', async () => {
    const { version, contentHash } = await draft({ content: graceOf(6) });
    const seen = { contentHash };
    const key = { 'idempotency-key': crypto.randomUUID() };
    const path = `/v1/stage-plans/${version}/publish`;

    const [first, again] = [await other.post(path, seen, key), await other.post(path, seen, key)];
    const later = await other.post(path, seen);

    expect(again.body).toEqual(first.body);
    expect(later).toMatchObject({ status: 409, body: { code: 'already-published' } });
    expect(await api.db.$count(rollouts, eq(rollouts.planVersion, version))).toBe(1);
  });

  test('is brought back by a copy of its older content, and the roll-out of the newer one ends', async () => {
    const newer = await publish({ content: graceOf(9) });
    const back = await draft({ copyOf: 1 });
    const page = await other.get(`/v1/stage-plans/${back.version}`);
    await other.post(`/v1/stage-plans/${back.version}/publish`, { contentHash: back.contentHash });

    expect(page.body.differences).toEqual([{ path: 'graceDays', before: 9, after: 3 }]);
    expect(await readPlanInForce(api.db)).toEqual({ version: back.version, plan: defaultStagePlan });
    const { body } = await admin.get(`/v1/stage-plans/${newer}`);
    expect(body).toMatchObject({ inForce: false, rollouts: [{ state: 'superseded' }] });
  });

  test('that was overtaken by another one for the same scope is written anew', async () => {
    const early = await draft({ content: graceOf(11) });
    const late = await publish({ content: graceOf(12) });

    const refused = await other.post(`/v1/stage-plans/${early.version}/publish`, { contentHash: early.contentHash });

    expect(refused).toMatchObject({ status: 409, body: { code: 'outdated' } });
    expect((await readPlanInForce(api.db)).version).toBe(late);
  });

  test('is not published with other content than was looked at, nor by anybody who wrote at it', async () => {
    const seen = await draft({ content: graceOf(7) });
    const path = `/v1/stage-plans/${seen.version}/publish`;
    await other.put(`/v1/stage-plans/${seen.version}`, { content: graceOf(8) });

    const stale = { content: graceOf(9), contentHash: seen.contentHash };
    const overwritten = await admin.put(`/v1/stage-plans/${seen.version}`, stale);
    const unseen = await api.as('channel-manager').post(path, { contentHash: seen.contentHash });

    const unlooked = await api.as('channel-manager').post(path, {});

    expect(unlooked).toMatchObject({ status: 422, body: { errors: [{ path: 'contentHash' }] } });
    expect(overwritten).toMatchObject({ status: 409, body: { code: 'draft-changed' } });
    expect(unseen).toMatchObject({ status: 409, body: { code: 'draft-changed' } });
    const looked = await seenAt(seen.version);
    for (const author of [admin, other])
      expect(await author.post(path, looked)).toMatchObject({ status: 403, body: { code: 'second-pair-of-eyes' } });
  });

  test('never changes once it is published, and a discarded draft stays readable', async () => {
    const { version } = await draft({ content: graceOf(4) });
    const discarded = await admin.post(`/v1/stage-plans/${version}/discard`);

    expect(discarded.body).toMatchObject({ state: 'discarded', content: { graceDays: 4 } });
    for (const refused of [
      await admin.put('/v1/stage-plans/1', { content: graceOf(4) }),
      await admin.post('/v1/stage-plans/1/discard'),
      await admin.put(`/v1/stage-plans/${version}`, { content: graceOf(4) }),
      await other.post(`/v1/stage-plans/${version}/publish`, await seenAt(version)),
    ])
      expect(refused).toMatchObject({ status: 409, body: { code: 'no-draft' } });
  });
});

async function entriesOf(version: number) {
  const entries = await api.db
    .select()
    .from(journal)
    .where(eq(journal.chain, 'stage-plans'))
    .orderBy(asc(journal.sequence));
  return entries.filter(({ inputs }) => (inputs as { version: number }).version === version);
}
