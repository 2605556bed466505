import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Check = Partial<typeof lossChecks.$inferInsert> & { number: string };

/** A case lost for the price and drawn for a call-back, with its task; answers the check's id. */
async function aCheck({ number, ...facts }: Check): Promise<string> {
  const branchId = facts.branchId ?? 'north';
  const lost = { outcome: 'lost', lossReason: 'price', closedAt: new Date('2030-05-20T01:00:00Z') } as const;
  const renewalId = await aCase(api.db, { number, branchId, ...lost });
  const id = uuidv7();
  await api.db.insert(lossChecks).values({
    id,
    renewalId,
    month: '2030-05',
    seed: `2030-05.${branchId}`,
    branchId,
    agentId: `${branchId}-agent`,
    lossReason: 'price',
    state: 'open',
    dueAt: new Date('2030-06-11T16:00:00Z'),
    drawnAt: new Date('2030-06-02T22:00:00Z'),
    ...facts,
  });
  const assigneeId = `${branchId}-manager`;
  await aTask(api.db, {
    kind: 'call-back-check',
    role: 'channel-manager',
    renewalId,
    branchId,
    assigneeId,
    lossCheckId: id,
  });
  return id;
}

const overturn = { confirmed: false, actualReason: 'rival-service', note: 'A rival towed the car last winter.' };
const find = (id: string, body: object, as = 'north-manager') => api.as(as).post(`/v1/callbacks/${id}/finding`, body);
const idsOf = (answer: { body: { items: { id: string }[] } }): string[] => answer.body.items.map(({ id }) => id);

describe('Call-backs of lost cases', () => {
  test('are listed by month and state for who manages the branch', async () => {
    const north = await aCheck({ number: 'LISTED-N' });
    const south = await aCheck({ number: 'LISTED-S', branchId: 'south' });
    const april = await aCheck({ number: 'LISTED-A', month: '2030-04', state: 'confirmed' });
    expect(idsOf(await api.as('north-manager').get('/v1/callbacks'))).toEqual([north, april].toSorted());
    expect(idsOf(await api.as('north-manager').get('/v1/callbacks?month=2030-05'))).toEqual([north]);
    expect(idsOf(await api.as('auditor').get('/v1/callbacks?state=open'))).toEqual([north, south].toSorted());
    expect((await api.as('north-lead').get('/v1/callbacks')).status).toBe(403);
  });

  test('are paged', async () => {
    const first = await api.as('auditor').get('/v1/callbacks?limit=2');
    const second = await api.as('auditor').get(`/v1/callbacks?limit=2&cursor=${first.body.nextCursor}`);
    expect([idsOf(first).length, idsOf(second).length, second.body.nextCursor]).toEqual([2, 1, null]);
  });
});

describe('A finding', () => {
  test('that overturns the reason changes it in the books and completes the task', async () => {
    const id = await aCheck({ number: 'OVERTURNED' });
    const { status, body } = await find(id, overturn);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'overturned', lossReason: 'price', actualReason: 'rival-service' });
    const [renewal] = await api.db.select().from(renewals).where(eq(renewals.id, body.renewalId));
    expect(renewal).toMatchObject({ lossReason: 'rival-service', correctedAt: expect.any(Date) as Date });
    const [task] = await api.db.select().from(tasks).where(eq(tasks.lossCheckId, id));
    expect(task).toMatchObject({ state: 'completed', completedBy: 'north-manager' });
  });

  test('recorded twice gives the same answer, another one is refused', async () => {
    const id = await aCheck({ number: 'TWICE' });
    const first = await find(id, { confirmed: true, note: 'It was the price.' });
    expect(await find(id, { confirmed: true, note: 'It was the price.' })).toMatchObject({
      status: 200,
      body: first.body,
    });
    expect(await find(id, overturn)).toMatchObject({ status: 409, body: { code: 'check-decided' } });
  });

  test.each([
    ['without the actual reason', { confirmed: false, note: 'No.' }, 'actualReason'],
    ['with the recorded reason as the actual one', { ...overturn, actualReason: 'price' }, 'actualReason'],
    ['with another reason though confirmed', { ...overturn, confirmed: true }, 'actualReason'],
    ['with a reason that is none', { ...overturn, actualReason: 'weather' }, 'actualReason'],
    ['without a note', { confirmed: true }, 'note'],
    ['with another reason that its note does not say', { ...overturn, actualReason: 'other', note: 'x' }, 'note'],
    ['with a listed reason in words', { ...overturn, actualReason: 'other', note: '客户说保费太高了' }, 'note'],
  ])('%s is refused', async (what, body, path) => {
    const id = await aCheck({ number: `REFUSED-${what.length}` });
    expect(await find(id, body)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test('about a check of another branch is as unknown as one that is not there', async () => {
    const id = await aCheck({ number: 'FOREIGN', branchId: 'south' });
    expect([(await find(id, overturn)).status, (await find(uuidv7(), overturn)).status]).toEqual([404, 404]);
    expect((await find(id, overturn, 'head-manager')).status).toBe(403);
  });
});

describe('The report of loss reasons', () => {
  const report = (query: string, as = 'north-manager') => api.as(as).get(`/v1/reports/loss-reasons?${query}`);
  const july = 'from=2031-07-01&to=2031-07-31';
  beforeAll(async () => {
    const lost = (number: string, facts: object) =>
      aCase(api.db, { number, expiresOn: '2031-07-15', outcome: 'lost', lossReason: 'price', ...facts });
    await lost('R1', {});
    await lost('R2', { ownerId: 'north-peer' });
    await lost('R3', { lossReason: 'sold-or-scrapped', renewable: false });
    await lost('R4', { branchId: 'south', lossReason: 'no-result' });
    await lost('R5', { outcome: 'renewed', lossReason: null });
  });

  test('counts the reasons of a manager’s branches', async () => {
    const { status, body } = await report(july);
    expect(status).toBe(200);
    expect(body).toMatchObject({ from: '2031-07-01', to: '2031-07-31', by: 'reason', lost: 3 });
    expect(body.items).toEqual([
      { cut: null, reason: 'price', renewable: true, cases: 2 },
      { cut: null, reason: 'sold-or-scrapped', renewable: false, cases: 1 },
    ]);
  });

  test.each([
    [
      'agent',
      ['north-agent price 1', 'north-agent sold-or-scrapped 1', 'north-peer price 1', 'south-agent no-result 1'],
    ],
    ['branch', ['north price 2', 'north sold-or-scrapped 1', 'south no-result 1']],
    ['segment', ['claim-free price 2', 'claim-free no-result 1', 'claim-free sold-or-scrapped 1']],
  ])('cuts them by %s', async (by, rows) => {
    const { body } = await report(`${july}&by=${by}`, 'auditor');
    type Row = { cut: string; reason: string; cases: number };
    expect(body.items.map(({ cut, reason, cases }: Row) => `${cut} ${reason} ${cases}`)).toEqual(rows);
  });

  test('is not for those whose losses it counts', async () => {
    expect((await report(july, 'north-agent')).status).toBe(403);
  });
});
