import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTemporal, type TemporalConnection } from '../../src/cases/connect.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let temporal: TemporalConnection;
let lead: Asker;
let handover: string;
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };
const numbers = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8'];

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  worker = await runWorker(api.db, temporalAddress);
  temporal = connectTemporal({ temporal: { address: temporalAddress, namespace: 'default', uiUrl: '', tls: false } });
  lead = api.as('north-lead');
  for (const number of numbers) {
    const owned = { agentId: 'north-agent', supervisorId: 'north-lead', specialistId: 'north-specialist' };
    await aPolicy(api.db, { number, ...term, ...owned, plate: number, vin: number.padEnd(17, '0') });
  }
  await api.as('admin').post('/v1/intake', {});
});
afterAll(async () => {
  await worker.stop();
  await temporal.close();
  await api.close();
});

const idOf = (number: string): string => `renewal.${number}.${term.startsOn.replaceAll('-', '')}`;
const decide = (body: object) => lead.post(`${handover}/decision`, body);
const caseOf = async (number: string) => (await lead.get(`/v1/renewals/${idOf(number)}`)).body;

describe('An agent with eight open cases', () => {
  test('may announce the departure, move its day and stay after all', async () => {
    const leave = (effectiveOn: string | null) => lead.post('/v1/staff/north-agent/departure', { effectiveOn });
    expect((await leave(addDays(today, 7))).body).toEqual({ id: null, state: 'scheduled', total: 0, done: 0 });
    expect((await leave(null)).body).toEqual({ id: null, state: 'withdrawn', total: 0, done: 0 });
    const stays = await lead.get('/v1/staff/north-agent');
    expect(stays.body.departedOn).toBeNull();
  });

  test('leaves one task, and a list that says what each case is worth and how far they know', async () => {
    const left = await lead.post('/v1/staff/north-agent/departure', { effectiveOn: today });
    expect(left).toMatchObject({ status: 202, body: { total: 8 } });
    handover = `/v1/handovers/${left.body.id}`;
    const progress = async () => (await lead.get(handover)).body.progress;
    await expect.poll(progress, { timeout: 30_000 }).toEqual({ total: 8, done: 8 });
    const { body } = await lead.get(handover);
    expect(body.items[0]).toMatchObject({
      policyNumber: 'L1',
      value: '5480.00',
      expiresOn: term.expiresOn,
      outcome: null,
    });
    const { body: tasks } = await lead.get('/v1/tasks?kind=hand-over&state=open');
    expect(tasks.items).toHaveLength(1);
    const back = await lead.post('/v1/staff/north-agent/departure', { effectiveOn: null });
    expect(back.body).toMatchObject({ status: 409, code: 'has-left' });
  });

  test('has five taken over, two assigned by rule and one offered elsewhere', async () => {
    expect((await decide({ decision: 'take-over', agentId: 'north-peer' })).status).toBe(422);
    const taken = await decide({ decision: 'take-over', renewalIds: numbers.slice(0, 5).map(idOf) });
    expect(taken).toMatchObject({ status: 200, body: { byState: { assigned: 5, undecided: 3 } } });
    const ruled = await decide({ decision: 'assign', renewalIds: numbers.slice(5, 7).map(idOf) });
    expect(ruled).toMatchObject({ status: 200, body: { byState: { assigned: 7, undecided: 1 } } });
    expect((await caseOf('L6')).ownerId).toBe('north-peer');
    const again = await decide({ decision: 'offer', channel: 'cross-sales', renewalIds: [idOf('L1')] });
    expect(again.body).toMatchObject({ status: 409, code: 'handover-decided' });
    const offered = await decide({ decision: 'offer', channel: 'cross-sales' });
    expect(offered.body.byState).toEqual({ assigned: 7, offered: 1 });
  });

  test('has the offered one close as handed off once the channel accepts, in the books and in Temporal alike', async () => {
    const accepted = await api.as('north-specialist').post(`${handover}/acceptance`, { accept: true });
    expect(accepted.status).toBe(200);
    const outcome = async () => (await caseOf('L8')).outcome;
    await expect.poll(outcome, { timeout: 30_000 }).toBe('orphan-handed-off');
    expect(await caseOf('L8')).toMatchObject({ receivingChannel: 'cross-sales', orphanedAt: expect.any(String) });
    expect((await caseOf('L1')).orphanedAt).toBeNull();
    const told = await temporal.client.workflow.getHandle(idOf('L8')).result();
    expect(told).toEqual({ kind: 'orphan-handed-off', channel: 'cross-sales' });
    expect((await lead.get(handover)).body).toMatchObject({
      state: 'decided',
      byState: { assigned: 7, 'handed-off': 1 },
    });
    const { body } = await lead.get('/v1/tasks?kind=hand-over&state=open');
    expect(body.items).toEqual([]);
  });
});
