import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { absences, staff } from '../../src/db/schema/organisation.ts';
import type { tasks } from '../../src/db/schema/tasks.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let own: string;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  own = await aCase(api.db, { number: 'HANDS' });
  const specialists = Array.from({ length: 8 }, (_none, place) => `specialist-${place}`);
  const person = (id: string, facts: Partial<typeof staff.$inferInsert> = {}) => ({
    id,
    name: id,
    roles: ['specialist'],
    branchId: 'north',
    ...facts,
  });
  await api.db
    .insert(staff)
    .values([...specialists.map((id) => person(id)), person('leaves-soon', { departedOn: '2030-05-31' })]);
});
afterAll(() => api.close());

const given = (facts: Partial<typeof tasks.$inferInsert> = {}) =>
  aTask(api.db, { renewalId: own, teamId: 'north-team', ...facts });
const claim = (as: string, task: string) => api.as(as).post(`/v1/tasks/${task}/claim`);
const reassign = (as: string, task: string, assigneeId: string) =>
  api.as(as).post(`/v1/tasks/${task}/reassign`, { assigneeId, reason: 'Knows the customer.' });
const onLeave = (staffId: string, fromOn: string, toOn: string) =>
  api.db.insert(absences).values({ id: uuidv7(), staffId, fromOn, toOn, recordedBy: 'admin', recordedAt: new Date() });
const eventsAbout = async (event: string, taskId: string) => {
  const rows = await api.db.select().from(journal).where(eq(journal.event, event));
  return rows.filter(({ inputs }) => (inputs as { taskId: string }).taskId === taskId);
};

describe('Claiming a task', () => {
  test('one of eight wins, and the others hear who has it', async () => {
    const task = await given();
    const answers = await Promise.all(Array.from({ length: 8 }, (_none, place) => claim(`specialist-${place}`, task)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const who = winners[0]!.body.assigneeId;
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect({ status, code: body.code, detail: body.detail }).toEqual({
        status: 409,
        code: 'task-taken',
        detail: `${who} has this task.`,
      });
    }
    expect(await eventsAbout('task-claimed:file-check', task)).toMatchObject([{ chain: own, actor: who }]);
  });

  test('again gives the same answer', async () => {
    const task = await given();
    const first = await claim('north-specialist', task);
    expect(first.body).toMatchObject({ assigneeId: 'north-specialist', assignedBecause: 'claimed' });
    expect(await claim('north-specialist', task)).toMatchObject({ status: 200, body: first.body });
    expect(await eventsAbout('task-claimed:file-check', task)).toHaveLength(1);
  });

  test('is refused to another role, to a stranger, and once the task is done or gone', async () => {
    expect((await claim('north-agent', await given())).status).toBe(403);
    expect((await claim('south-specialist', await given())).status).toBe(404);
    const done = await claim('north-specialist', await given({ state: 'completed' }));
    expect(done.body).toMatchObject({ status: 409, code: 'task-completed' });
    const gone = await claim('north-specialist', await given({ state: 'dropped', droppedReason: 'case-closed:lost' }));
    expect(gone.body).toMatchObject({ status: 409, code: 'task-dropped' });
  });

  test('is refused to somebody on leave', async () => {
    await onLeave('specialist-7', '2000-01-01', '2099-12-31');
    const answer = await claim('specialist-7', await given());
    expect(answer.body).toMatchObject({ status: 409, code: 'on-leave' });
  });
});

describe('Reassigning a task', () => {
  test('gives it to somebody of the role, and the journal tells who did, but not in which words', async () => {
    const task = await given({ assigneeId: 'north-specialist' });
    const { status, body } = await reassign('north-lead', task, 'specialist-0');
    expect({ status, assigneeId: body.assigneeId }).toEqual({ status: 200, assigneeId: 'specialist-0' });
    expect(body.assignedBecause).toBe('by north-lead: Knows the customer.');
    const [entry] = await eventsAbout('task-reassigned:file-check', task);
    expect(entry).toMatchObject({
      chain: own,
      actor: 'north-lead',
      reason: 'leader-decided',
      inputs: { taskId: task, from: 'north-specialist', to: 'specialist-0' },
    });
  });

  test('to whoever has it changes nothing', async () => {
    const task = await given({ assigneeId: 'specialist-0', assignedBecause: 'own-customer' });
    expect((await reassign('north-manager', task, 'specialist-0')).body.assignedBecause).toBe('own-customer');
    expect(await eventsAbout('task-reassigned:file-check', task)).toEqual([]);
  });

  test.each([
    ['whom nobody knows', 'nobody'],
    ['of another role', 'north-agent'],
    ['of another branch', 'south-specialist'],
    ['who leaves before it is due', 'leaves-soon'],
    ['who is on leave when it is due', 'specialist-6'],
  ])('to somebody %s is a bad field', async (_who, to) => {
    if (to === 'specialist-6') await onLeave(to, '2030-06-01', '2030-06-01');
    const answer = await reassign('north-lead', await given(), to);
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path: 'assigneeId' }] });
  });

  test('is for leaders, and for their own', async () => {
    expect((await reassign('north-specialist', await given(), 'specialist-0')).status).toBe(403);
    expect((await reassign('south-lead', await given(), 'south-specialist')).status).toBe(404);
    const done = await reassign('north-lead', await given({ state: 'completed' }), 'specialist-0');
    expect(done.body).toMatchObject({ status: 409, code: 'task-completed' });
  });
});
