import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { takeHalfMonthList } from '../../src/db/staff-messages/half-month-records.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  await anchorClock(api.db, { businessAt: Date.parse('2026-11-30T09:00:00+08:00'), speed: 1 });
});
afterAll(() => api.close());

const tracked = async (number: string, branchId: string): Promise<string> => {
  const id = await aCase(api.db, { number, branchId, teamId: `${branchId}-team`, ownerId: `${branchId}-agent` });
  await api.db.update(renewals).set({ stage: 'intensive-chase', expiresOn: '2026-12-10' }).where(eq(renewals.id, id));
  return id;
};

describe('Where a person is reached', () => {
  const admin = () => api.as('admin');
  const address = { email: 'li.ming@example.com', phone: '+8613800000042', language: 'en', digestSms: true };

  test('is entered with them, shown masked, and in no journal', async () => {
    const entered = await admin().post('/v1/staff', {
      id: 'N1',
      name: 'Li Ming',
      roles: ['agent'],
      branchId: 'north',
      ...address,
    });
    expect(entered).toMatchObject({ status: 201, body: { email: 'l***@***', language: 'en', digestSms: true } });
    expect(entered.body.phone).toMatch(/^\*+0042$/);
    const changed = await admin().put('/v1/staff/N1', { email: 'new@example.com', digestSms: false });
    expect(changed).toMatchObject({ status: 200, body: { email: 'n***@***', digestSms: false } });
    const entries = await api.db.select().from(journal).where(eq(journal.chain, 'staff.N1'));
    expect(entries).toHaveLength(2);
    expect(entries[1]?.inputs).toMatchObject({ changed: ['email', 'digestSms'] });
    expect(JSON.stringify(entries)).not.toMatch(/example\.com|13800000042/);
  });

  test.each([
    ['an address that is none', { email: 'li ming' }],
    ['a number that is not in E.164', { phone: '13800000042' }],
    ['a language that nobody writes', { language: 'fr' }],
  ])('is refused as %s', async (_what, wrong) => {
    const { status, body } = await admin().put('/v1/staff/N1', wrong);
    expect(status).toBe(422);
    expect(body.errors).toHaveLength(1);
  });

  test('may be taken away', async () => {
    expect((await admin().put('/v1/staff/N1', { email: null, phone: null })).body).toMatchObject({
      email: null,
      phone: null,
    });
  });
});

describe('The key-tracking list', () => {
  test('shows what the viewer sees, page by page, with reasons and without names', async () => {
    const ids = [await tracked('KT1', 'north'), await tracked('KT2', 'north')];
    const south = await tracked('KT3', 'south');
    const first = await api.as('north-specialist').get('/v1/key-tracking?limit=1');
    const second = await api.as('north-specialist').get(`/v1/key-tracking?limit=1&cursor=${first.body.nextCursor}`);
    const items = [...first.body.items, ...second.body.items] as { id: string }[];
    expect(items.map(({ id }) => id)).toEqual(ids.toSorted());
    expect(second.body.nextCursor).toBeNull();
    expect(items[0]).toMatchObject({ reasons: ['expires-soon'], lastContact: null, stage: 'intensive-chase' });
    const all = (await api.as('auditor').get('/v1/key-tracking')).body.items as { id: string }[];
    expect(all.map(({ id }) => id)).toContain(south);
    expect((await api.as('north-agent').get('/v1/key-tracking')).status).toBe(403);
  });
});

describe('The half-month list', () => {
  const read = async (who: string, query = '') => (await api.as(who).get(`/v1/half-month-list${query}`)).body;

  test('is empty before the first one was taken', async () => {
    expect(await read('north-agent')).toMatchObject({ period: null, count: 0, items: [], nextCursor: null });
  });

  test('shows to each their own differences with the one before', async () => {
    await takeHalfMonthList(api.db, '2026-11-16');
    const id = await tracked('HM1', 'north');
    await takeHalfMonthList(api.db, '2026-12-02');
    expect(await read('north-agent')).toMatchObject({ period: '2026-12-02', before: '2026-11-16', count: 3 });
    expect((await read('north-lead')).items).toMatchObject([{ id, differences: ['added'], before: null }]);
    expect((await read('south-agent')).items).toEqual([]);
    expect(await read('north-agent', '?period=2026-11-16')).toMatchObject({ count: 2, before: null, items: [] });
    expect(await read('north-agent', '?period=2020-01-02')).toMatchObject({ period: null, items: [] });
  });
});

describe('What went to staff', () => {
  test('is listed for the admin by state, ids and codes only', async () => {
    const day = '2026-11-30';
    const row = { kind: 'morning-digest', day, channel: 'email', dueAt: new Date(), latestAt: new Date() };
    const [one, two] = [uuidv7(), uuidv7()];
    await api.db.insert(staffMessages).values([
      { id: one, ...row, staffId: 'north-lead', state: 'unknown', reason: 'interrupted' },
      { id: two, ...row, staffId: 'north-agent', state: 'suppressed', reason: 'nothing-due' },
    ]);
    const { body } = await api.as('admin').get('/v1/staff-messages?state=unknown');
    expect(body.items).toMatchObject([{ id: one, staffId: 'north-lead', reason: 'interrupted', about: null }]);
    expect((await api.as('auditor').get(`/v1/staff-messages?day=${day}&limit=1`)).body.nextCursor).not.toBeNull();
    expect((await api.as('north-manager').get('/v1/staff-messages?state=unknown')).body.items).toMatchObject([
      { id: one },
    ]);
    expect((await api.as('south-manager').get('/v1/staff-messages?state=unknown')).body.items).toEqual([]);
    expect((await api.as('north-lead').get('/v1/staff-messages')).status).toBe(403);
  });
});
