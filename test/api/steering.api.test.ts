import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aCase, aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let lead: Asker;
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  worker = await runWorker(api.db, temporalAddress);
  lead = api.as('north-lead');
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

async function openCase(number: string): Promise<string> {
  const people = { agentId: 'north-agent', supervisorId: 'north-lead' };
  await aPolicy(api.db, { number, ...term, ...people, plate: number, vin: number.padEnd(17, '0') });
  await api.as('admin').post('/v1/intake', {});
  const found = await api.as('admin').get(`/v1/renewals?policyNumber=${number}`);
  return `/v1/renewals/${found.body.items[0].id}`;
}

describe('Holding a case', () => {
  test('stops it until then, and resuming lets it go on', async () => {
    const path = await openCase('HELD');
    const until = inDays(5);
    const { status, body } = await lead.post(`${path}/hold`, { until, reason: 'The customer is abroad.' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      held: { until, reason: 'The customer is abroad.' },
      nextAction: { action: 'hold-ends', at: until },
    });
    const resumed = await lead.post(`${path}/resume`);
    expect(resumed).toMatchObject({ status: 201, body: { held: null } });
    expect((await lead.post(`${path}/resume`)).body).toMatchObject({ status: 409, code: 'not-held' });
  });

  test('takes results all the same, and a renewal closes it', async () => {
    const path = await openCase('HELDRENEWED');
    await lead.post(`${path}/hold`, { until: inDays(5), reason: 'abroad' });
    const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
    const { body } = await api.as('north-agent').post(`${path}/results`, {
      result: 'renewed',
      newPolicyNumber: 'NEXT',
      closing,
    });
    expect(body).toMatchObject({ outcome: 'renewed', held: null });
    const again = await lead.post(`${path}/hold`, { until: inDays(5), reason: 'abroad' });
    expect(again.body).toMatchObject({ status: 409, code: 'case-closed' });
  });

  test.each([
    ['into the past', -1],
    ['beyond its close', 60],
  ])('%s is refused', async (_, days) => {
    const path = await openCase(`RANGE${days + 1}`);
    const { body } = await lead.post(`${path}/hold`, { until: inDays(days), reason: 'abroad' });
    expect(body).toMatchObject({ status: 422, errors: [{ path: 'until' }] });
  });

  test('is for supervisors and up, each in their own field', async () => {
    const id = await aCase(api.db, { number: 'NOTYOURS' });
    const hold = (subject: string) =>
      api.as(subject).post(`/v1/renewals/${id}/hold`, { until: inDays(1), reason: 'abroad' });
    expect((await hold('north-agent')).status).toBe(403);
    expect((await hold('south-lead')).status).toBe(404);
  });
});

describe('Changing the owner of a case', () => {
  test('moves its open tasks', async () => {
    const path = await openCase('GIVEN');
    await expect.poll(async () => (await lead.get(path)).body.tasks.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const { status, body } = await lead.post(`${path}/owner`, { agentId: 'north-peer' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ownerId: 'north-peer' });
    const ofAgent = body.tasks.filter((task: { role: string; state: string }) => task.role === 'agent');
    expect(new Set(ofAgent.map((task: { assigneeId: string }) => task.assigneeId))).toEqual(new Set(['north-peer']));
  });

  test.each([
    ['somebody who left', 'leaver'],
    ['somebody of another branch', 'south-agent'],
    ['somebody of another branch whom a manager sees', 'south-agent', 'head-manager'],
    ['somebody who owns no cases', 'north-trainer'],
    ['nobody', 'nobody'],
  ])('to %s is refused', async (_, agentId, by = 'north-lead') => {
    const id = await aCase(api.db, { number: `TO${agentId}${by}` });
    const { body } = await api.as(by).post(`/v1/renewals/${id}/owner`, { agentId });
    expect(body).toMatchObject({ status: 422, errors: [{ path: 'agentId' }] });
  });
});
