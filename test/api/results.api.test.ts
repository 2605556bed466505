import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let id: string;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  id = await aCase(api.db, { number: 'RULES' });
});
afterAll(() => api.close());

const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];

describe('A contact result is refused and names the field', () => {
  test.each([
    ['renewed without the new policy number', { result: 'renewed', closing }, 'newPolicyNumber'],
    ['renewed without the closing list', { result: 'renewed', newPolicyNumber: 'N1' }, 'closing'],
    [
      'renewed with a closing list half ticked',
      { result: 'renewed', newPolicyNumber: 'N1', closing: closing.slice(1) },
      'closing',
    ],
    ['declined without a loss reason', { result: 'declined' }, 'lossReason'],
    ['declined for another reason without a note', { result: 'declined', lossReason: 'other' }, 'note'],
    [
      'declined for another reason with a note that says nothing',
      { result: 'declined', lossReason: 'other', note: '客户不要' },
      'note',
    ],
    [
      'not renewable for another reason with a note that says nothing',
      { result: 'not-renewable', lossReason: 'other', note: 'n/a', evidence: 'paper' },
      'note',
    ],
    [
      'declined for another reason in the words of a listed one',
      { result: 'declined', lossReason: 'other', note: '价格原因' },
      'note',
    ],
    [
      'not renewable because of the price',
      { result: 'not-renewable', lossReason: 'price', evidence: 'paper' },
      'lossReason',
    ],
    [
      'a contact more than 60 days before the case was opened',
      { result: 'quoted', occurredAt: '2030-02-28T00:00:00Z' },
      'occurredAt',
    ],
    ['proof without saying where it lies', { result: 'quoted', evidence: { kind: 'recording' } }, 'evidence'],
    ['a contact in the future', { result: 'quoted', occurredAt: '2040-01-01T00:00:00Z' }, 'occurredAt'],
    [
      'declined for a reason that only the calendar gives',
      { result: 'declined', lossReason: 'no-result' },
      'lossReason',
    ],
    ['not renewable without proof', { result: 'not-renewable' }, 'evidence'],
    ['a call-back time with quoted', { result: 'quoted', callBackAt: '2040-01-01T00:00:00Z' }, 'callBackAt'],
    ['a call-back time in the past', { result: 'promised', callBackAt: '2001-01-01T00:00:00Z' }, 'callBackAt'],
    ['a call-back after the case has closed', { result: 'promised', callBackAt: '2030-07-04T00:00:00Z' }, 'callBackAt'],
    ['a call-back time without a zone', { result: 'promised', callBackAt: '2040-01-01T00:00:00' }, 'callBackAt'],
    ['a rival with considering', { result: 'considering', rival: 'X' }, 'rival'],
    [
      'a rival’s premium that is no money',
      { result: 'declined', lossReason: 'price', rivalPremium: '1e3' },
      'rivalPremium',
    ],
    ['an unknown result', { result: 'gone-fishing' }, 'result'],
    ['no result', {}, 'result'],
    ['an unknown field', { result: 'confirmed', surprise: 1 }, 'surprise'],
    ['a note with a NUL byte', { result: 'confirmed', note: 'a\0b' }, 'note'],
  ])('%s', async (_what, body, path) => {
    const answer = await api.as('north-agent').post(`/v1/renewals/${id}/results`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await api.db.select().from(contactResults)).filter((row) => row.renewalId === id)).toEqual([]);
  });
});

describe('A promise that nobody could tell its case of', () => {
  test('is not refused when it is sent again after the call-back time has passed', async () => {
    const other = await aCase(api.db, { number: 'PASSED' });
    const callBackAt = new Date(Date.now() + 60_000).toISOString();
    const key = { 'idempotency-key': 'promised-once' };
    const send = () =>
      api.as('north-agent').post(`/v1/renewals/${other}/results`, { result: 'promised', callBackAt }, key);
    expect((await send()).status).toBe(503);
    await anchorClock(api.db, { businessAt: Date.now() + 3_600_000, speed: 1 });
    expect((await send()).status).toBe(503);
    await anchorClock(api.db, { businessAt: Date.now(), speed: 1 });
  });
});

describe('A second round', () => {
  test.each([
    ['renewed without the new policy number', { outcome: 'renewed', note: 'x' }, 'newPolicyNumber'],
    ['reopened with a new policy number', { outcome: 'reopened', newPolicyNumber: 'N', note: 'x' }, 'newPolicyNumber'],
    ['without a note', { outcome: 'reopened' }, 'note'],
  ])('is refused %s', async (_what, body, path) => {
    const answer = await api.as('north-lead').post(`/v1/renewals/${id}/second-round`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  test('is the supervisor’s to decide, not the agent’s', async () => {
    const body = { outcome: 'reopened', note: 'once more' };
    expect((await api.as('north-agent').post(`/v1/renewals/${id}/second-round`, body)).status).toBe(403);
  });
});

describe('A task', () => {
  test('of checking the file is completed with a note, twice with the same answer', async () => {
    const task = await aTask(api.db, { renewalId: id, assigneeId: 'north-specialist' });
    const complete = () => api.as('north-specialist').post(`/v1/tasks/${task}/complete`, { note: 'Complete.' });
    const [first, second] = [await complete(), await complete()];
    expect(first.body).toMatchObject({
      state: 'completed',
      completedBy: 'north-specialist',
      completion: { note: 'Complete.' },
    });
    expect(second).toMatchObject({ status: 200, body: first.body });
  });

  test('of quoting asks for the premium', async () => {
    const task = await aTask(api.db, { renewalId: id, kind: 'firm-quote' });
    const complete = (body: object) => api.as('north-specialist').post(`/v1/tasks/${task}/complete`, body);
    expect((await complete({})).body).toMatchObject({ status: 422, errors: [{ path: 'premium' }] });
    expect((await complete({ premium: '5100.50' })).status).toBe(200);
  });

  test('of calling asks for the result', async () => {
    const task = await aTask(api.db, {
      renewalId: id,
      kind: 'phone-attempt',
      role: 'agent',
      assigneeId: 'north-agent',
    });
    const answer = await api.as('north-agent').post(`/v1/tasks/${task}/complete`, { note: 'called' });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path: 'result' }] });
  });

  test('that fell away cannot be completed', async () => {
    const task = await aTask(api.db, {
      renewalId: id,
      state: 'dropped',
      droppedReason: 'case-closed',
      assigneeId: 'north-specialist',
    });
    const answer = await api.as('north-specialist').post(`/v1/tasks/${task}/complete`, {});
    expect(answer.body).toMatchObject({ status: 409, code: 'task-dropped' });
  });

  test('of deciding a hand-over is completed by deciding it', async () => {
    const task = await aTask(api.db, {
      kind: 'hand-over',
      role: 'supervisor',
      assigneeId: 'north-lead',
      teamId: 'north-team',
    });
    const answer = await api.as('north-lead').post(`/v1/tasks/${task}/complete`, {});
    expect(answer.body).toMatchObject({ status: 409, code: 'decided-elsewhere' });
  });
});
