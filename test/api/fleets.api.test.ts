import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let lead: Asker;
let agent: Asker;
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };
const fleet = '/v1/fleets/fleet:north:TD-1';

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  worker = await runWorker(api.db, temporalAddress);
  [lead, agent] = [api.as('north-lead'), api.as('north-agent')];
  for (const [number, agentId] of [
    ['FLEET1', 'north-agent'],
    ['FLEET2', 'north-agent'],
    ['FLEET3', 'north-peer'],
  ] as const) {
    const owned = { agentId, supervisorId: 'north-lead', specialistId: 'north-specialist', fleetNumber: 'TD-1' };
    await aPolicy(api.db, { number, ...term, ...owned, plate: number, vin: number.padEnd(17, '0') });
  }
  await api.as('admin').post('/v1/intake', {});
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const answersOf = (body: { items: { answer: string; code: string | null }[] }) =>
  body.items.map(({ answer, code }) => code ?? answer);

describe('A fleet', () => {
  test('is seen with the cases that are one’s own, and looks missing to everybody else', async () => {
    expect((await lead.get('/v1/fleets')).body.items).toMatchObject([
      { id: 'fleet:north:TD-1', number: 'TD-1', negotiatorId: null, cases: { open: 3, renewed: 0 } },
    ]);
    expect((await agent.get(fleet)).body.cases).toHaveLength(2);
    expect((await api.as('north-peer').get('/v1/fleets?open=true')).body.items).toMatchObject([{ cases: { open: 1 } }]);
    expect((await api.as('north-peer').get('/v1/fleets?open=false')).body.items).toEqual([]);
    expect((await api.as('south-lead').get(fleet)).status).toBe(404);
    expect((await api.as('south-lead').post(`${fleet}/results`, { result: 'quoted' })).status).toBe(404);
    expect((await lead.get('/v1/fleets/fleet:north:NONE')).status).toBe(404);
  });

  test('has one result of a negotiation in every open case that the asker sees, however often it is sent', async () => {
    const ask = () => agent.post(`${fleet}/results`, { result: 'quoted' }, { 'idempotency-key': 'negotiated' });
    await expect.poll(async () => (await ask()).status, { timeout: 30_000 }).toBe(201);
    expect(answersOf((await ask()).body)).toEqual(['recorded', 'recorded']);
    const recorded = await api.db.select().from(contactResults);
    expect(recorded.map(({ result }) => result)).toEqual(['quoted', 'quoted']);
  });

  test('says case by case what became of a result', async () => {
    const given = await agent.post(`${fleet}/results`, { result: 'unreachable' });
    expect(given.status).toBe(201);
    expect(answersOf(given.body)).toEqual(['attempts-missing', 'attempts-missing']);
  });

  test.each([
    [
      'renewed',
      {
        newPolicyNumber: 'NEW',
        closing: ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'],
      },
    ],
    ['not-renewable', { evidence: 'sold' }],
  ])('takes %s per vehicle only', async (result, more) => {
    const refused = await agent.post(`${fleet}/results`, { result, ...more });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ path: 'result' }] });
  });

  test('gets a negotiator who sees its cases and has what agents do once for all of them', async () => {
    const name = (by: string, staffId: string) => api.as(by).post(`${fleet}/negotiator`, { staffId });
    expect((await name('north-agent', 'north-peer')).status).toBe(403);
    expect((await name('north-lead', 'south-agent')).body).toMatchObject({
      status: 422,
      errors: [{ path: 'staffId' }],
    });
    const named = await name('north-lead', 'north-peer');
    expect(named).toMatchObject({ status: 200, body: { negotiatorId: 'north-peer' } });
    const peers = await api.as('north-peer').get(fleet);
    expect(peers.body.cases).toHaveLength(3);
    const once = await api.db.select().from(tasks).where(eq(tasks.fleetId, 'fleet:north:TD-1'));
    const ofAgents = once.filter(({ role, state }) => role === 'agent' && state === 'open');
    expect(ofAgents.filter(({ assigneeId }) => assigneeId !== 'north-peer')).toEqual([]);
    const negotiated = await api.as('north-peer').post(`${fleet}/results`, { result: 'considering' });
    expect(answersOf(negotiated.body)).toEqual(['recorded', 'recorded', 'recorded']);
  });

  test('goes on when one of its vehicles is renewed', async () => {
    const [first] = (await lead.get(fleet)).body.cases;
    const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
    const renewed = { result: 'renewed', newPolicyNumber: 'NEXT', closing };
    expect((await lead.post(`/v1/renewals/${first.id}/results`, renewed)).status).toBe(201);
    await expect
      .poll(async () => (await lead.get('/v1/fleets')).body.items[0].cases, { timeout: 20_000 })
      .toMatchObject({ open: 2, renewed: 1 });
    const negotiated = await lead.post(`${fleet}/results`, { result: 'quoted' });
    expect(answersOf(negotiated.body)).toEqual(['recorded', 'recorded']);
  });
});
