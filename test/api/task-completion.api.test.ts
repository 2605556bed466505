import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { taskKinds, type TaskKind } from '../../src/renewal/task.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let id: string;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  id = await aCase(api.db, { number: 'BODIES', stageEndsAt: new Date('2030-06-15T01:00:00Z') });
});
afterAll(() => api.close());

async function complete(kind: TaskKind, body: unknown) {
  const task = await aTask(api.db, { renewalId: id, kind, role: 'supervisor', assigneeId: 'north-lead' });
  return { task, ...(await api.as('north-lead').post(`/v1/tasks/${task}/complete`, body)) };
}

describe('A task is completed with what its kind asks for', () => {
  test.each<[TaskKind, object]>([
    ['file-check', {}],
    ['file-check', { fileComplete: true, note: 'Complete.' }],
    ['coaching', { action: 'joined-the-call' }],
    ['accept-reminder', { answer: 'will-accept', note: 'Today.' }],
    ['do-not-contact-review', { finding: 'too-many-contacts' }],
    ['read-reply', { finding: 'answered', note: 'Called back.' }],
    ['key-client-visit', { visit: 'failed', changedPlan: 'Take the manager along.' }],
    ['second-visit', { visit: 'failed' }],
  ])('%s: %j', async (kind, body) => {
    const answer = await complete(kind, body);
    expect(answer).toMatchObject({ status: 200, body: { state: 'completed', completion: body } });
  });

  test.each<[TaskKind, object, string]>([
    ['file-check', { missing: ['hubcaps'] }, 'missing.0'],
    ['file-check', { fileComplete: true, missing: ['holder-id'] }, 'missing'],
    ['file-check', { fileComplete: false }, 'missing'],
    ['indicative-quote', {}, 'premium'],
    ['coaching', {}, 'action'],
    ['accept-reminder', { answer: 'perhaps' }, 'answer'],
    ['do-not-contact-review', {}, 'finding'],
    ['renewal-check', { finding: 'perhaps' }, 'finding'],
    ['read-reply', { finding: 'no-idea' }, 'finding'],
    ['key-client-visit', { visit: 'failed' }, 'changedPlan'],
    ['phone-attempt', {}, 'result'],
    ['accept-entry', { visit: 'failed' }, 'visit'],
    ['second-round', { outcome: 'reopened' }, 'note'],
  ])('%s refuses %j and names %s', async (kind, body, path) => {
    const answer = await complete(kind, body);
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path }] });
  });

  test.each<TaskKind>(['hand-over', 'concession-decision', 'call-back-check'])(
    '%s is decided elsewhere, whatever is said here',
    async (kind) => {
      for (const body of [{}, { finding: 'confirmed' }])
        expect((await complete(kind, body)).body).toMatchObject({ status: 409, code: 'decided-elsewhere' });
    },
  );

  test('and once it is decided there, nothing that is said here is taken for it either', async () => {
    const { task } = await complete('concession-decision', {});
    await api.db.update(tasks).set({ state: 'completed', completedBy: 'north-manager' }).where(eq(tasks.id, task));
    const again = await api.as('north-lead').post(`/v1/tasks/${task}/complete`, { result: 'quoted', evidence: {} });
    expect(again.body).toMatchObject({ status: 409, code: 'decided-elsewhere' });
  });

  test('and the document says so for every kind', async () => {
    const { body } = await api.as('admin').get('/openapi.json');
    const { description, anyOf } = body.components.schemas.TaskCompletion;
    const spoken = description.replaceAll('-', ' ');
    expect(taskKinds.filter((kind) => !spoken.includes(kind.replaceAll('-', ' ').replace(/ decision$/, '')))).toEqual(
      [],
    );
    const names = anyOf.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1));
    expect(names.filter((name: string) => !(name in body.components.schemas))).toEqual([]);
  });
});

describe('A file that misses something', () => {
  test('is not handed out but checked again, and handed out once it is complete', async () => {
    const other = await aCase(api.db, { number: 'MISSING', stageEndsAt: new Date('2030-06-15T01:00:00Z') });
    const task = await aTask(api.db, { renewalId: other, assigneeId: 'north-specialist' });
    const specialist = api.as('north-specialist');
    await specialist.post(`/v1/tasks/${task}/complete`, { missing: ['vehicle-licence'] });
    const handedOut = async () =>
      (await api.db.select().from(renewals).where(eq(renewals.id, other)))[0]!.handedOutAt !== null;
    expect(await handedOut()).toBe(false);
    const [again] = (await specialist.get(`/v1/tasks?state=open&renewalId=${other}`)).body.items;
    expect(again.kind).toBe('file-check');
    await specialist.post(`/v1/tasks/${again.id}/complete`, {});
    expect(await handedOut()).toBe(true);
  });

  test('is not handed out because contact details were mended, whether the plan’s own check is open or not', async () => {
    const other = await aCase(api.db, { number: 'MENDED', stageEndsAt: new Date('2030-06-15T01:00:00Z') });
    const specialist = api.as('north-specialist');
    const openOnes = async () => (await specialist.get(`/v1/tasks?state=open&renewalId=${other}`)).body.items;
    for (const occasion of ['no-contact', 'address.1', 'wrong-number.1']) {
      await aTask(api.db, { renewalId: other, key: `${other}/file-check/${occasion}`, assigneeId: 'north-specialist' });
    }
    const [first, ...others] = await openOnes();
    await specialist.post(`/v1/tasks/${first.id}/complete`, { missing: ['contact-details'] });
    for (const one of [...(await openOnes()), ...others]) await specialist.post(`/v1/tasks/${one.id}/complete`, {});
    const [row] = await api.db.select().from(renewals).where(eq(renewals.id, other));
    expect([(await openOnes()).length, row?.handedOutAt]).toEqual([0, null]);
  });
});

describe('A first visit that failed', () => {
  test('brings the second visit, once, however often it is told', async () => {
    const other = await aCase(api.db, { number: 'VISIT', stageEndsAt: new Date('2030-06-15T01:00:00Z') });
    const visit = { renewalId: other, kind: 'key-client-visit', assigneeId: 'north-specialist' } as const;
    const task = await aTask(api.db, visit);
    const body = { visit: 'failed', changedPlan: 'Call at the office instead.' };
    const tell = () => api.as('north-specialist').post(`/v1/tasks/${task}/complete`, body);
    const answers = await Promise.all([tell(), tell(), tell()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const rows = await api.db.select().from(tasks).where(eq(tasks.renewalId, other));
    expect(rows.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'key-client-visit completed',
      'second-visit open',
    ]);
  });
});
