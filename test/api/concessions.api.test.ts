import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let agent: Asker;
let specialist: Asker;
let manager: Asker;
let general: Asker;
let cases = 0;

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  worker = await runWorker(api.db, temporalAddress);
  agent = api.as('north-agent');
  specialist = api.as('north-specialist');
  manager = api.as('north-manager');
  general = api.as('head-manager');
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const monday = Date.parse('2030-06-03T10:00:00+08:00');
beforeEach(() => anchorClock(api.db, { businessAt: monday, speed: 1 }));

async function aPath(): Promise<string> {
  return `/v1/renewals/${await aCase(api.db, { number: `LADDER-${(cases += 1)}` })}`;
}

const ask = (who: Asker, path: string, body: object) => who.post(`${path}/concessions`, { reason: 'a rival', ...body });
const decide = (who: Asker, concessionId: string, body: object = {}) =>
  who.post(`/v1/concessions/${concessionId}/decision`, { decision: 'approve', note: 'fair', ...body });

describe('The ladder of concessions', () => {
  test('8 % passes, 10 % goes to the channel manager, 13 % to the general manager, 15 % is refused', async () => {
    const path = await aPath();

    expect(await ask(specialist, path, { percent: 8 })).toMatchObject({
      status: 201,
      body: { state: 'approved', step: 'part', percent: 8, premium: '5480.00', premiumAfter: '5041.60' },
    });
    expect((await ask(specialist, path, { percent: 10 })).body).toMatchObject({
      state: 'pending',
      level: 'channel-manager',
      dueAt: '2030-06-04T02:00:00.000Z',
    });
    expect((await ask(specialist, path, { percent: 13 })).body).toMatchObject({ level: 'general-manager' });
    expect((await ask(specialist, path, { percent: 15 })).body).toMatchObject({
      status: 422,
      errors: [{ path: 'percent' }],
    });
  });

  test('is decided by the authority, who finds it in the worklist, and by nobody below', async () => {
    const path = await aPath();
    const { body: asked } = await ask(agent, path, { percent: 10 });
    const worklist = await manager.get('/v1/tasks?assignee=me&state=open&kind=concession-decision');

    expect(worklist.body.items).toContainEqual(expect.objectContaining({ concessionId: asked.id }));
    expect((await decide(agent, asked.id)).status).toBe(403);
    expect((await decide(specialist, asked.id)).status).toBe(403);
    expect((await decide(api.as('south-manager'), asked.id)).status).toBe(404);
    const approved = await decide(manager, asked.id);
    expect(approved).toMatchObject({ status: 200, body: { state: 'approved', decidedBy: 'north-manager' } });
    expect(await decide(manager, asked.id)).toMatchObject({ status: 200, body: approved.body });
    expect((await decide(manager, asked.id, { decision: 'reject' })).body).toMatchObject({
      status: 409,
      code: 'concession-decided',
    });
    expect((await agent.get(path)).body.concessions).toEqual([approved.body]);
  });

  test('a second request beside one that waits is refused and names that one', async () => {
    const path = await aPath();
    const { body: waiting } = await ask(agent, path, { percent: 10 });
    const second = await ask(specialist, path, { percent: 9 });

    expect(second.body).toMatchObject({ status: 409, code: 'concession-pending' });
    expect(second.body.detail).toContain(waiting.id);
  });

  test('silence goes one level up, and at the top the request lapses while the case goes on', async () => {
    await anchorClock(api.db, { businessAt: monday, speed: 43_200 });
    const path = await aPath();
    const { body: asked } = await ask(specialist, path, { percent: 10 });
    const now = async () => (await specialist.get(`/v1/concessions/${asked.id}`)).body;

    await expect.poll(async () => (await now()).state, { timeout: 40_000 }).toBe('lapsed');
    expect(await now()).toMatchObject({
      lapsedReason: 'no-answer',
      asks: [
        { level: 'channel-manager', answer: 'no-answer' },
        { level: 'general-manager', answer: 'no-answer' },
      ],
    });
    const { body } = await general.get(`${path}/journal`);
    expect(body.items.map(({ event, reason }: Record<string, string>) => [event, reason])).toEqual([
      ['concession-requested', 'by-person'],
      ['concession-asked:channel-manager', 'authority-by-percentage'],
      ['task-given:concession-decision', 'nearest-authority'],
      ['concession-asked:general-manager', 'no-answer-in-time'],
      ['task-given:concession-decision', 'nearest-authority'],
      ['concession-lapsed', 'no-answer-at-the-top'],
    ]);
    expect((await specialist.get(path)).body.outcome).toBeNull();
  });

  test('gives 14 % after a lower step only, with another service attached and signed', async () => {
    const path = await aPath();
    expect((await ask(specialist, path, { percent: 14 })).body).toMatchObject({ status: 409, code: 'step-skipped' });
    await ask(specialist, path, { percent: 8 });
    const { body: asked } = await ask(specialist, path, { percent: 14, attachedService: 'maintenance-plan' });

    expect((await decide(general, asked.id)).body).toMatchObject({ status: 422, errors: [{ path: 'signed' }] });
    expect((await decide(general, asked.id, { signed: true })).body).toMatchObject({ state: 'approved', signed: true });
  });

  test.each([
    ['a benefit, which is off by default', { percent: 8, benefit: 'rescue-card' }, 'benefit'],
    ['more decimals than money has', { percent: 8.004 }, 'percent'],
    ['less than nothing', { percent: -1 }, 'percent'],
    ['an unknown field', { percent: 8, approve: true }, 'approve'],
  ])('refuses %s', async (_what, body, path) => {
    expect((await ask(specialist, await aPath(), body)).body).toMatchObject({ status: 422, errors: [{ path }] });
  });

  test('answers a repeated request with what it answered first', async () => {
    const path = await aPath();
    const key = { 'idempotency-key': crypto.randomUUID() };
    const request = () => specialist.post(`${path}/concessions`, { percent: 10, reason: 'a rival' }, key);
    const [first, second] = [await request(), await request()];

    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await specialist.get(path)).body.concessions).toHaveLength(1);
  });
});

describe('The mix', () => {
  const report = '/v1/reports/concession-mix?from=2031-01-01&to=2031-01-31';

  test('is live for managers and auditors, each for what they see, and for nobody else', async () => {
    const id = await aCase(api.db, { number: 'MIX', expiresOn: '2031-01-15' });
    await aCase(api.db, { number: 'MIX-2', expiresOn: '2031-01-16' });
    const asked = await ask(specialist, `/v1/renewals/${id}`, { percent: 8 });

    expect(asked.body.budget).toMatchObject({ upToPercent: 8, left: 1, usedUp: false, customers: 2 });
    expect((await manager.get(report)).body).toMatchObject({ customers: 2, meanPercent: 4, targetPercent: 9 });
    expect((await api.as('south-manager').get(report)).body).toMatchObject({ customers: 0 });
    expect((await agent.get(report)).status).toBe(403);
    expect((await manager.get('/v1/reports/concession-mix?from=2031-02-01&to=2031-01-01')).status).toBe(422);
  });
});

describe('A quote', () => {
  test('is indicative before T-30 and firm after it, and both stay on the page of the case', async () => {
    const path = await aPath();
    await anchorClock(api.db, { businessAt: Date.parse('2030-05-30T10:00:00+08:00'), speed: 1 });
    const early = await specialist.post(`${path}/quotes`, { premium: '5300.00' });
    await anchorClock(api.db, { businessAt: monday, speed: 1 });
    const late = await specialist.post(`${path}/quotes`, { premium: '5200.00', validUntil: '2030-06-20T00:00:00Z' });

    expect(early).toMatchObject({ status: 201, body: { version: 1, kind: 'indicative' } });
    expect(late).toMatchObject({ status: 201, body: { version: 2, kind: 'firm' } });
    expect((await agent.get(path)).body.quotes).toEqual([late.body, early.body]);
    const over = await specialist.post(`${path}/quotes`, { premium: '5200.00', validUntil: '2030-06-01T00:00:00Z' });
    expect(over.body).toMatchObject({ status: 422, errors: [{ path: 'validUntil' }] });
    expect((await agent.post(`${path}/quotes`, { premium: '0.00' })).status).toBe(422);
  });

  test.each([
    ['indicative', '2030-05-20'],
    ['firm', '2030-06-03'],
  ])('of an agent that gives money away is refused while %s, and the way to a concession named', async (_kind, on) => {
    const path = await aPath();
    await anchorClock(api.db, { businessAt: Date.parse(`${on}T10:00:00+08:00`), speed: 1 });
    const answer = await agent.post(`${path}/quotes`, { premium: '0.01' });

    expect(answer.body).toMatchObject({ status: 422, errors: [{ path: 'premium' }] });
    expect(answer.body.detail).toContain('5480.00');
    expect(answer.body.detail).toContain('/v1/renewals/{id}/concessions');
    expect((await agent.get(path)).body.quotes).toEqual([]);
  });
});
