import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let manager: Asker;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  manager = api.as('north-manager');
});
afterAll(() => api.close());

const closedAt = new Date('2030-05-20T01:00:00Z');

/** A case that its agent closed as renewed and the core system has not confirmed; its check is the channel manager's. */
async function anUnconfirmedRenewal(number: string) {
  const id = await aCase(api.db, { number, outcome: 'renewed', newPolicyNumber: `${number}-2`, closedAt });
  const row = { id: uuidv7(), renewalId: id, kind: 'contact', state: 'applied', result: 'renewed' };
  const recorded = { recordedBy: 'north-agent', recordedAt: closedAt, newPolicyNumber: `${number}-2` };
  await api.db.insert(contactResults).values({ ...row, ...recorded });
  const createdAt = new Date('2030-05-27T01:00:00Z');
  const facts = { kind: 'renewal-check', role: 'channel-manager', assigneeId: 'north-manager', teamId: 'north-team' };
  const task = await aTask(api.db, { ...facts, renewalId: id, createdAt });
  const correction = {
    reason: 'The core system knows of no such policy.',
    replacement: { result: 'not-renewable', evidence: 'scrapped', lossReason: 'sold-or-scrapped' },
  };
  return {
    id,
    check: (body: object, as = manager) => as.post(`/v1/tasks/${task}/complete`, body),
    correct: () => manager.post(`/v1/renewals/${id}/results/${row.id}/correction`, correction),
  };
}

describe('The check of a renewal that the core system has not confirmed', () => {
  test('is completed by the channel manager who has it, once', async () => {
    const { id, check } = await anUnconfirmedRenewal('CONFIRMED');
    const body = { finding: 'confirmed', note: 'The policy was printed yesterday.' };
    const first = await check(body);
    expect(first).toMatchObject({ status: 200, body: { state: 'completed', completion: body } });
    expect((await check(body)).body).toEqual(first.body);
    const [task] = await api.db.select().from(tasks).where(eq(tasks.renewalId, id));
    expect(task).toMatchObject({ completedBy: 'north-manager' });
  });

  test('is not for the supervisor whose team it is about', async () => {
    const { check } = await anUnconfirmedRenewal('TEAM');
    expect((await check({ finding: 'confirmed' }, api.as('north-lead'))).status).toBe(403);
  });

  test('that finds nothing lets the channel manager correct the result, and nothing else does', async () => {
    const { id, check, correct } = await anUnconfirmedRenewal('GONE');
    expect((await correct()).status).toBe(403);
    expect((await check({ finding: 'not-found' })).status).toBe(200);
    expect(await correct()).toMatchObject({ status: 201, body: { outcome: 'lost', lossReason: 'sold-or-scrapped' } });
    const { body } = await manager.get(`/v1/renewals/${id}/journal`);
    const corrected = body.items.find(({ event }: { event: string }) => event === 'books-corrected');
    expect(corrected).toMatchObject({ actor: 'north-manager' });
  });
});

test('A call-back check that somebody wants to complete as a task says where it is decided', async () => {
  const renewalId = await aCase(api.db, { number: 'CALLED', outcome: 'lost', lossReason: 'price', closedAt });
  const facts = { kind: 'call-back-check', role: 'channel-manager', assigneeId: 'north-manager', renewalId };
  const task = await aTask(api.db, facts);
  const { body } = await manager.post(`/v1/tasks/${task}/complete`, { finding: 'confirmed' });
  expect(body).toMatchObject({ status: 409, code: 'decided-elsewhere', detail: expect.stringContaining('finding') });
});
