import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let manager: Asker;
let handover: string;
const today = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  // Sees both branches and decides where no supervisor does.
  await api.db.update(staff).set({ branchId: 'head' }).where(eq(staff.id, 'north-manager'));
  manager = api.as('north-manager');
  for (const number of ['M1', 'M2']) await aCase(api.db, { number, ownerId: 'north-lead' });
  const left = await api.as('admin').post('/v1/staff/north-lead/departure', { effectiveOn: today });
  handover = `/v1/handovers/${left.body.id}`;
});
afterAll(() => api.close());

describe('A channel manager who decides on what the only leader of a branch left', () => {
  test('has the task and sees the cases', async () => {
    const { status, body } = await manager.get(handover);
    expect({ status, cases: body.items.length }).toEqual({ status: 200, cases: 2 });
    const mine = await manager.get('/v1/tasks?assignee=me');
    expect(mine.body.items).toMatchObject([{ kind: 'hand-over', assigneeId: 'north-manager' }]);
  });

  test('takes no case over, and gives none to another branch', async () => {
    const decide = (body: object) => manager.post(`${handover}/decision`, body);
    expect((await decide({ decision: 'take-over' })).body).toMatchObject({
      status: 422,
      errors: [{ path: 'decision' }],
    });
    const elsewhere = await decide({ decision: 'assign', agentId: 'south-agent' });
    expect(elsewhere.body).toMatchObject({ status: 422, errors: [{ path: 'agentId' }] });
  });

  test('assigns them to somebody of the branch', async () => {
    const { status, body } = await manager.post(`${handover}/decision`, { decision: 'assign', agentId: 'north-peer' });
    expect(status).toBe(200);
    expect(body.items.map(({ ownerId }: { ownerId: string }) => ownerId)).toEqual(['north-peer', 'north-peer']);
  });
});
