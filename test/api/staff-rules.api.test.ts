import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());
beforeEach(() => anchorClock(api.db, { businessAt: Date.parse('2030-06-03T10:00:00+08:00'), speed: 1 }));

const admin = () => api.as('admin');
const aPerson = (id: string, facts: object = {}) =>
  admin().post('/v1/staff', { id, name: '李明', roles: ['agent'], teamId: 'north-team', ...facts });
const pathsOf = ({ status, body }: Awaited<ReturnType<typeof aPerson>>) => [
  status,
  (body.errors ?? []).map(({ path }: { path: string }) => path),
];

describe('A staff number', () => {
  test.each(['../etc', 'a/b', 'a%2fb', '.hidden', '张三', 'x;drop', 'a?b', '<b>'])('is not %s', async (id) => {
    expect(pathsOf(await aPerson(id))).toEqual([422, ['id']]);
  });

  test.each(['A1001', '4403S000', 'li.ming@example.com', 'li_ming-2'])('may be %s', async (id) => {
    expect((await aPerson(id)).status).toBe(201);
  });
});

describe('An auditor, who changes nothing,', () => {
  test.each([['agent'], ['admin'], ['core-system'], ['call-centre']])('is not %s besides', async (role) => {
    expect(pathsOf(await aPerson('AUDITOR-2', { roles: [role, 'auditor'] }))).toEqual([422, ['roles']]);
    await aPerson('WORKS');
    expect(pathsOf(await admin().put('/v1/staff/WORKS', { roles: ['auditor', role] }))).toEqual([422, ['roles']]);
  });

  test('may read as a trainer too', async () => {
    expect((await aPerson('READER', { roles: ['auditor', 'trainer'] })).status).toBe(201);
  });
});

describe('Who leads a team', () => {
  const lead = (supervisorId: string) =>
    admin().post('/v1/teams', { id: `T-${supervisorId}`, branchId: 'north', supervisorId });

  test('works in its branch or above', async () => {
    await aPerson('HEAD-LEAD', { roles: ['supervisor'], teamId: null, branchId: 'head' });
    await aPerson('NORTH-LEAD', { roles: ['supervisor'], teamId: null, branchId: 'north' });
    expect((await lead('HEAD-LEAD')).status).toBe(201);
    expect((await lead('NORTH-LEAD')).status).toBe(201);
    expect(pathsOf(await lead('south-lead'))).toEqual([422, ['supervisorId']]);
    expect(pathsOf(await admin().put('/v1/teams/north-team', { supervisorId: 'south-lead' }))).toEqual([
      422,
      ['supervisorId'],
    ]);
  });

  test('does not move away from it', async () => {
    const moved = await admin().put('/v1/staff/NORTH-LEAD', { branchId: 'south' });
    expect([moved.status, moved.body.code]).toEqual([409, 'leads-a-team']);
    expect((await admin().put('/v1/staff/NORTH-LEAD', { branchId: 'head' })).status).toBe(200);
  });
});

describe('A day of leaving', () => {
  const leave = (id: string, effectiveOn: string) =>
    api.as('north-lead').post(`/v1/staff/${id}/departure`, { effectiveOn });

  test.each(['1990-01-01', '2030-05-02'])('is not %s: more than 31 days back', async (day) => {
    expect(pathsOf(await leave('north-peer', day))).toEqual([422, ['effectiveOn']]);
    expect((await admin().get('/v1/staff/north-peer')).body.departedOn).toBeNull();
  });

  test('is not before the person was entered', async () => {
    await aPerson('NEW');
    expect(pathsOf(await leave('NEW', '2030-06-02'))).toEqual([422, ['effectiveOn']]);
    expect((await leave('NEW', '2030-06-03')).status).toBe(202);
  });

  test('may be 31 days back or lie ahead', async () => {
    expect((await leave('north-peer', '2031-01-01')).status).toBe(202);
    expect((await leave('north-peer', '2030-05-03')).status).toBe(202);
  });
});

describe('Leave', () => {
  const absence = (toOn: string) =>
    api.as('south-lead').post('/v1/staff/south-peer/absences', { fromOn: '2031-01-01', toOn });

  test('from no day at all is refused as such', async () => {
    for (const fromOn of ['', '2031-13-45', '+275760-09-13']) {
      const answer = await api.as('south-lead').post('/v1/staff/south-peer/absences', { fromOn, toOn: '2031-01-02' });
      expect(answer).toMatchObject({ status: 422 });
    }
  });

  test('lasts 366 days at most', async () => {
    expect(pathsOf(await absence('2199-12-31'))).toEqual([422, ['toOn']]);
    expect(pathsOf(await absence('2032-01-02'))).toEqual([422, ['toOn']]);
    expect((await absence('2032-01-01')).status).toBe(201);
  });

  test('is read by whoever it is of, and by no colleague', async () => {
    const own = await api.as('south-peer').get('/v1/staff/south-peer/absences');
    expect(own.body.items).toMatchObject([{ fromOn: '2031-01-01', toOn: '2032-01-01' }]);
    expect((await api.as('south-agent').get('/v1/staff/south-peer/absences')).status).toBe(404);
    expect((await api.as('south-specialist').get('/v1/staff/south-specialist/absences')).status).toBe(200);
    expect((await api.as('south-lead').get('/v1/staff/south-peer/absences')).body.items).toHaveLength(1);
  });
});

describe('A trainer', () => {
  test('sees why the own team lost, in the list and in the report, and nothing of other teams', async () => {
    const lost = { outcome: 'lost' as const, closedAt: new Date('2030-06-01T01:00:00Z'), lossReason: 'rival-service' };
    await aCase(api.db, { number: 'LOST-N', ...lost });
    await aCase(api.db, { number: 'LOST-S', branchId: 'south', ...lost });
    const trainer = api.as('north-trainer');
    const list = await trainer.get('/v1/renewals?outcome=lost');
    expect(list.body.items).toMatchObject([{ policyNumber: 'LOST-N', lossReason: 'rival-service' }]);
    const report = await trainer.get('/v1/reports/loss-reasons?from=2030-06-01&to=2030-06-30');
    expect(report.body).toMatchObject({ lost: 1, items: [{ reason: 'rival-service', cases: 1 }] });
  });
});

describe('An amount of money that is refused', () => {
  test.each([
    ['5000.123', 'two decimals'],
    ['12345678901234567890', '12 digits'],
    ['0.00', 'above 0'],
    ['-5', 'decimal number'],
    ['5,000', 'decimal number'],
  ])('says what is wrong with %s', async (premium, reason) => {
    const id = await aCase(api.db, { number: `MONEY-${premium}` });
    const { body } = await api.as('north-agent').post(`/v1/renewals/${id}/quotes`, { premium });
    expect(body).toMatchObject({ status: 422, errors: [{ path: 'premium' }] });
    expect(body.errors[0].message.toLowerCase()).toContain(reason);
  });
});
