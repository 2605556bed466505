import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let agent: Asker;
let lead: Asker;
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  worker = await runWorker(api.db, temporalAddress);
  agent = api.as('north-agent');
  lead = api.as('north-lead');
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** Enters a policy in follow-up and opens its case over the API; answers the path of the case. */
async function openCase(number: string, agentId = 'north-agent'): Promise<string> {
  await aPolicy(api.db, {
    number,
    ...term,
    agentId,
    supervisorId: 'north-lead',
    plate: number,
    vin: number.padEnd(17, '0'),
  });
  const { body } = await api.as('admin').post('/v1/intake', {});
  expect(body).toMatchObject({ state: 'completed', opened: 1 });
  const found = await api.as('admin').get(`/v1/renewals?policyNumber=${number}`);
  return `/v1/renewals/${found.body.items[0].id}`;
}

describe('Over the API', () => {
  test('an intake says what it opened and left out, and the left out are listed with their reason', async () => {
    await openCase('OPENED');
    await aPolicy(api.db, { number: 'SHORT', ...term, termDays: 90, plate: 'SHORT', vin: 'SHORT' });
    const { body } = await api.as('admin').post('/v1/intake', {});
    expect(body).toMatchObject({ state: 'completed', opened: 0, leftOut: { 'term-too-short': 1 } });
    const listed = await api.as('admin').get('/v1/policies?eligible=false');
    expect(listed.body.items).toMatchObject([{ policyNumber: 'SHORT', reason: 'term-too-short' }]);
  });

  test('a customer who cannot be reached is given up after three attempts only', async () => {
    const path = await openCase('UNREACHED');
    const give = (result: string) => agent.post(`${path}/results`, { result });
    expect((await give('unreachable')).body).toMatchObject({ status: 409, code: 'attempts-missing' });
    for (let attempt = 0; attempt < 3; attempt += 1) expect((await give('not-reached')).status).toBe(201);
    const given = await give('unreachable');
    expect(given).toMatchObject({ status: 201, body: { attempts: 3 } });
  });

  test('a declined case is reopened by the supervisor, renewed by the agent, and then closed to everybody', async () => {
    const path = await openCase('REOPENED');
    const early = await lead.post(`${path}/second-round`, { outcome: 'reopened', note: 'too early' });
    expect(early.body).toMatchObject({ status: 409, code: 'no-second-round' });
    expect(
      (await agent.post(`${path}/results`, { result: 'declined', lossReason: 'price', rival: 'Other' })).status,
    ).toBe(201);
    expect((await lead.post(`${path}/second-round`, { outcome: 'reopened', note: 'wants a quote' })).status).toBe(201);
    const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
    expect((await agent.post(`${path}/results`, { result: 'renewed', newPolicyNumber: 'NEXT', closing })).status).toBe(
      201,
    );
    await expect.poll(async () => (await agent.get(path)).body.outcome, { timeout: 20_000 }).toBe('renewed');
    const late = await agent.post(`${path}/results`, { result: 'quoted' });
    expect(late.body).toMatchObject({ status: 409, code: 'case-closed', detail: expect.stringContaining('renewed') });
    const kept = await api.db.select().from(contactResults).where(eq(contactResults.state, 'late'));
    expect(kept).toMatchObject([{ result: 'quoted' }]);
  });

  test('the cases of an agent who leaves are decided by the supervisor and accepted by the call centre', async () => {
    const path = await openCase('ORPHAN', 'north-peer');
    const left = await lead.post('/v1/staff/north-peer/departure', { effectiveOn: today });
    expect(left).toMatchObject({ status: 202, body: { total: 1 } });
    const handover = `/v1/handovers/${left.body.id}`;
    expect((await lead.get('/v1/handovers?state=open')).body.items).toMatchObject([
      { agentId: 'north-peer', byState: { undecided: 1 } },
    ]);
    expect((await lead.get('/v1/renewals?orphan=true')).body.items).toMatchObject([{ ownerId: null, orphan: true }]);
    expect((await api.as('north-caller').post(`${handover}/acceptance`, { accept: true })).status).toBe(404);
    const misplaced = await lead.post(`${handover}/decision`, { decision: 'assign', agentId: 'south-agent' });
    expect(misplaced.body).toMatchObject({ status: 422, errors: [{ path: 'agentId' }] });
    const offered = await lead.post(`${handover}/decision`, { decision: 'offer', channel: 'call-centre' });
    expect(offered).toMatchObject({ status: 200, body: { byState: { offered: 1 } } });
    const declined = await api.as('north-caller').post(`${handover}/acceptance`, { accept: false });
    expect(declined.body).toMatchObject({ status: 409, code: 'last-channel' });
    const accepted = await api.as('north-caller').post(`${handover}/acceptance`, { accept: true });
    expect(accepted).toMatchObject({ status: 200, body: { items: [{ state: 'handed-off', channel: 'call-centre' }] } });
    await expect.poll(async () => (await lead.get(path)).body.outcome, { timeout: 20_000 }).toBe('orphan-handed-off');
    const again = await lead.post(`${handover}/decision`, { decision: 'take-over' });
    expect(again.body).toMatchObject({ status: 409, code: 'handover-decided' });
  });

  test('the core system closes a case as renewed and names the terms it does not find', async () => {
    const path = await openCase('REPORTED');
    const notice = { policyNumber: 'REPORTED', startsOn: term.startsOn, kind: 'renewed', newPolicyNumber: 'NEXT' };
    const notices = [
      { ...notice, key: 'one' },
      { ...notice, key: 'two', policyNumber: 'NOBODY' },
    ];
    const taken = await api.as('core-system').post('/v1/webhooks/core/policies', notices, { 'idempotency-key': '' });
    expect(taken).toMatchObject({ status: 202, body: { taken: 1, unknown: ['two'] } });
    await expect.poll(async () => (await agent.get(path)).body.outcome, { timeout: 20_000 }).toBe('renewed');
  });

  test('a cancellation of a term without a case is kept for the intake', async () => {
    await aPolicy(api.db, {
      number: 'CANCELLED',
      ...term,
      expiresOn: addDays(today, 200),
      plate: 'CANCELLED',
      vin: 'CANCELLED',
    });
    const notice = { key: 'gone', policyNumber: 'CANCELLED', startsOn: term.startsOn, kind: 'cancelled', on: today };
    expect((await api.as('core-system').post('/v1/webhooks/core/policies', notice)).status).toBe(202);
    const [policy] = await api.db.select().from(policies).where(eq(policies.policyNumber, 'CANCELLED'));
    expect(policy?.cancelledOn).toBe(today);
  });

  test('is ready once a worker polls', async () => {
    await expect.poll(async () => (await fetch(`${api.url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  });
});
