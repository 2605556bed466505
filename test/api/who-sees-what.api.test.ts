import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { roles } from '../../src/db/staff/staff-records.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let own: string;
let ofPeer: string;
let handedOut: string;
let south: string;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  own = await aCase(api.db, { number: 'OWN' });
  ofPeer = await aCase(api.db, { number: 'PEER', ownerId: 'north-peer' });
  handedOut = await aCase(api.db, { number: 'HANDED-OUT', ownerId: 'north-peer', callCentreSince: new Date() });
  south = await aCase(api.db, { number: 'SOUTH', branchId: 'south' });
});
afterAll(() => api.close());

const north = () => [own, ofPeer, handedOut];
const all = () => [...north(), south];

describe('Cases are seen', () => {
  test.each([
    ['by an agent: their own', 'north-agent', () => [own]],
    ['by a supervisor: their team’s', 'north-lead', north],
    ['by a trainer: their team’s', 'north-trainer', north],
    ['by a specialist: their branch’s', 'north-specialist', north],
    ['by the call centre: only those handed to it', 'north-caller', () => [handedOut]],
    ['by a channel manager: their branch’s and below', 'north-manager', north],
    ['by a general manager: their branch’s and below', 'head-manager', all],
    ['by an admin: all', 'admin', all],
    ['by an auditor: all', 'auditor', all],
  ])('%s', async (_what, subject, seen) => {
    const { status, body } = await api.as(subject).get('/v1/renewals');
    expect(status).toBe(200);
    expect(body.items.map((item: { id: string }) => item.id).toSorted()).toEqual(seen().toSorted());
    for (const id of all()) {
      const expected = seen().includes(id) ? 200 : 404;
      expect((await api.as(subject).get(`/v1/renewals/${id}`)).status).toBe(expected);
      expect((await api.as(subject).get(`/v1/renewals/${id}/journal`)).status).toBe(expected);
    }
  });

  test('by an agent who covers for another: while there is a task to do in it', async () => {
    const covered = await aCase(api.db, { number: 'COVERED', ownerId: 'north-peer' });
    const seen = async () => (await api.as('north-agent').get(`/v1/renewals/${covered}`)).status;
    expect(await seen()).toBe(404);
    const facts = { kind: 'first-contact', role: 'agent', teamId: 'north-team', renewalId: covered };
    const task = await aTask(api.db, { ...facts, assigneeId: 'north-agent' });
    expect(await seen()).toBe(200);
    await api.db.update(tasks).set({ state: 'completed' }).where(eq(tasks.id, task));
    expect(await seen()).toBe(404);
  });

  test('by the core system: not at all', async () => {
    expect((await api.as('core-system').get('/v1/renewals')).status).toBe(403);
  });
});

describe('A stranger’s id looks like a missing one', () => {
  test.each(['results', 'second-round'])('when something is recorded at %s', async (path) => {
    const body = path === 'results' ? { result: 'confirmed' } : { outcome: 'reopened', note: 'once more' };
    const subject = path === 'results' ? 'north-agent' : 'north-lead';
    const foreign = await api.as(subject).post(`/v1/renewals/${south}/${path}`, body);
    const missing = await api.as(subject).post(`/v1/renewals/renewal.NONE.20290701/${path}`, body);
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(foreign.body).toEqual(missing.body);
  });

  test('when a task of another branch is asked for or completed', async () => {
    const task = await aTask(api.db, { branchId: 'south', renewalId: south, assigneeId: 'south-specialist' });
    expect((await api.as('north-specialist').get(`/v1/tasks/${task}`)).status).toBe(404);
    expect((await api.as('north-specialist').post(`/v1/tasks/${task}/complete`, {})).status).toBe(404);
    expect((await api.as('south-specialist').get(`/v1/tasks/${task}`)).status).toBe(200);
  });

  test('when a task of no case is asked for, such as the hand-over of another team', async () => {
    const facts = { kind: 'hand-over', role: 'supervisor', branchId: 'south', teamId: 'south-team' };
    const task = await aTask(api.db, { ...facts, assigneeId: 'south-lead' });
    const statusFor = async (subject: string) => (await api.as(subject).get(`/v1/tasks/${task}`)).status;
    const foreign = ['north-agent', 'north-lead', 'north-trainer', 'north-specialist', 'north-caller', 'north-manager'];
    expect(await Promise.all(foreign.map(statusFor))).toEqual(foreign.map(() => 404));
    const insiders = ['south-lead', 'south-trainer', 'south-manager', 'head-manager', 'auditor'];
    expect(await Promise.all(insiders.map(statusFor))).toEqual(insiders.map(() => 200));
  });

  test('when somebody of another team leaves', async () => {
    const answer = await api.as('north-lead').post('/v1/staff/south-agent/departure', { effectiveOn: '2030-06-01' });
    expect(answer.status).toBe(404);
  });
});

describe('Whoever audits and works', () => {
  test('reads everything, and acts only where the working role reaches', async () => {
    await api.db.insert(staff).values({ id: 'both', name: 'both', roles: ['agent', 'auditor'], branchId: 'north' });
    expect((await api.as('both').get(`/v1/renewals/${south}`)).status).toBe(200);
    const recorded = await api.as('both').post(`/v1/renewals/${south}/results`, { result: 'confirmed' });
    expect(recorded.status).toBe(404);
  });
});

describe('The auditor', () => {
  test('reads everything and changes nothing', async () => {
    const changing = api.api.routes.filter((route) => route.method === 'post' && route.roles !== 'anyone');
    expect(changing.length).toBeGreaterThan(5);
    const answers = changing.map(({ path }) => api.as('auditor').post(path.replace('{id}', own), {}));
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([403]));
  });
});

describe('Every route with roles', () => {
  test('refuses whoever has none of them', async () => {
    const attempts = api.api.routes.flatMap((route) =>
      roles
        .filter((role) => route.roles !== 'anyone' && !route.roles.includes(role))
        .map((outsider) => ({ outsider, method: route.method, path: route.path.replace('{id}', 'x') })),
    );
    expect(attempts.length).toBeGreaterThan(50);
    const letIn: string[] = [];
    for (const { outsider, method, path } of attempts) {
      const { status } = await api.as(outsider)[method](path);
      if (status !== 403) letIn.push(`${outsider} ${method} ${path} → ${status}`);
    }
    expect(letIn).toEqual([]);
  });
});

describe('The own worklist', () => {
  test('holds what is assigned to me and what nobody of my role took yet, by due time and priority', async () => {
    const due = (day: number) => new Date(Date.UTC(2030, 5, day));
    const later = await aTask(api.db, { assigneeId: 'north-specialist', dueAt: due(9), renewalId: own });
    const urgent = await aTask(api.db, { dueAt: due(2), priority: 90, renewalId: own });
    const sameDay = await aTask(api.db, { dueAt: due(2), priority: 10, renewalId: own });
    await aTask(api.db, { dueAt: due(1), branchId: 'south', renewalId: south });
    await aTask(api.db, { dueAt: due(1), role: 'call-centre', kind: 'call-centre-case', renewalId: own });
    const listed: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.as('north-specialist').get(`/v1/tasks?assignee=me&state=open&limit=1${cursor}`);
      listed.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(listed).toEqual([urgent, sameDay, later]);
    const { body } = await api.as('north-specialist').get('/v1/me');
    expect(body.openTasks).toBe(3);
  });

  test('does not let one do the work of another role', async () => {
    const task = await aTask(api.db, { role: 'specialist', renewalId: own });
    expect((await api.as('north-agent').post(`/v1/tasks/${task}/complete`, {})).status).toBe(403);
  });
});
