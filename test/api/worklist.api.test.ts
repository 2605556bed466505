import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let large: string;
let soon: string;
let late: string;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  const renewalId = await aCase(api.db, { number: 'LIST', managerId: 'north-manager' });
  const mine = { renewalId, assigneeId: 'north-specialist' };
  const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  soon = await aTask(api.db, { ...mine, value: '900.00', dueAt: inDays(1.5) });
  large = await aTask(api.db, { ...mine, value: '60000.00', priority: 100, dueAt: inDays(3.5) });
  late = await aTask(api.db, { ...mine, value: '10.00', managerId: 'north-manager', dueAt: inDays(-1.5) });
  await aTask(api.db, { ...mine, value: '99999.00', dueAt: inDays(5), startsAt: inDays(1) });
});
afterAll(() => api.close());

const listed = async (as: string, query: string): Promise<string[]> => {
  const { status, body } = await api.as(as).get(`/v1/tasks?${query}`);
  expect(status).toBe(200);
  return body.items.map((item: { id: string }) => item.id);
};

describe('The own worklist', () => {
  test('comes in the order of what to do first, unless asked for by due time', async () => {
    expect(await listed('north-specialist', 'assignee=me')).toEqual([late, large, soon]);
    expect(await listed('north-specialist', 'assignee=me&sort=dueAt')).toEqual([late, soon, large]);
    expect(await listed('north-lead', 'state=open')).toEqual([late, soon, large]);
    expect(await listed('north-lead', 'sort=worklist')).toEqual([late, large, soon]);
  });

  test('explains each row', async () => {
    const { body } = await api.as('north-specialist').get('/v1/tasks?assignee=me&limit=1');
    expect(body.items[0].rank).toMatchObject({
      value: '10.00',
      daysLeft: -2,
      priority: 0,
      explanation: 'late by up to 2 days, premium 10.00, priority 0',
    });
    const one = await api.as('north-specialist').get(`/v1/tasks/${large}`);
    expect(one.body.rank.explanation).toBe('due in 3 days, premium 60000.00, priority 100');
  });

  test('goes on with its cursor, and with that of no other order', async () => {
    const first = await api.as('north-specialist').get('/v1/tasks?assignee=me&limit=2');
    const next = `cursor=${first.body.nextCursor}`;
    expect(await listed('north-specialist', `assignee=me&${next}`)).toEqual([soon]);
    expect((await api.as('north-specialist').get(`/v1/tasks?assignee=me&sort=dueAt&${next}`)).status).toBe(422);
  });

  test('of a manager in charge holds what they join', async () => {
    expect(await listed('north-manager', 'joined=me')).toEqual([late]);
    expect(await listed('head-manager', 'joined=me')).toEqual([]);
  });

  test('counts nothing that starts later', async () => {
    expect((await api.as('north-specialist').get('/v1/me')).body.openTasks).toBe(3);
  });
});
