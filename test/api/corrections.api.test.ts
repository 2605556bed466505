import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let agent: Asker;
let lead: Asker;
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };
const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
const renewed = { result: 'renewed', newPolicyNumber: 'NEXT', closing };
const renewedAs = (newPolicyNumber: string) => ({ ...renewed, newPolicyNumber });
const gone = { result: 'not-renewable', evidence: 'sold', lossReason: 'sold-or-scrapped' };
const mistaken = { reason: 'Entered for the wrong customer.' };

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  worker = await runWorker(api.db, temporalAddress);
  agent = api.as('north-agent');
  lead = api.as('north-lead');
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** Opens the case of a policy in follow-up; answers the path of the case. */
async function openCase(number: string): Promise<string> {
  const people = { agentId: 'north-agent', supervisorId: 'north-lead' };
  await aPolicy(api.db, { number, ...term, ...people, plate: number, vin: number.padEnd(17, '0') });
  await api.as('admin').post('/v1/intake', {});
  const found = await api.as('admin').get(`/v1/renewals?policyNumber=${number}`);
  const path = `/v1/renewals/${found.body.items[0].id}`;
  await expect.poll(async () => (await lead.get(path)).body.stage, { timeout: 20_000 }).toBe('follow-up');
  return path;
}

async function say(path: string, body: object): Promise<string> {
  const { body: page } = await agent.post(`${path}/results`, body);
  return page.results[0].id;
}

describe('A mistaken result over the API', () => {
  test('is struck out by whoever recorded it, and what it did is gone', async () => {
    const path = await openCase('MISTAKEN');
    const id = await say(path, { result: 'not-reached' });
    const { status, body } = await agent.post(`${path}/results/${id}/correction`, mistaken);
    expect(status).toBe(201);
    expect(body).toMatchObject({ attempts: 0, results: [{ id, state: 'corrected', correctedBy: 'north-agent' }] });
  });

  test('is replaced in one request, and a decline ends its second round', async () => {
    const path = await openCase('DECLINED');
    const id = await say(path, { result: 'declined', lossReason: 'price' });
    expect((await lead.get(path)).body.secondRound).not.toBeNull();
    const replacement = { result: 'quoted', occurredAt: new Date(Date.now() - 3_600_000).toISOString() };
    const { status, body } = await agent.post(`${path}/results/${id}/correction`, { ...mistaken, replacement });
    expect(status).toBe(201);
    expect(body).toMatchObject({ secondRound: null, outcome: null });
    expect(body.results).toMatchObject([
      { result: 'quoted', correctsId: id, state: 'applied' },
      { state: 'corrected' },
    ]);
    const again = await agent.post(`${path}/results/${id}/correction`, mistaken);
    expect(again.body).toMatchObject({ status: 409, code: 'result-not-correctable' });
  });

  test('sent 50 times with one key has one effect and one answer', async () => {
    const path = await openCase('FIFTY');
    const id = await say(path, { result: 'not-reached' });
    const key = { 'idempotency-key': crypto.randomUUID() };
    const body = { ...mistaken, replacement: { result: 'wrong-number' } };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => agent.post(`${path}/results/${id}/correction`, body, key)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201, body: { attempts: 1 } });
    const { body: page } = await agent.get(path);
    expect(page.results).toHaveLength(2);
  });

  test('of somebody else is the supervisor’s to correct', async () => {
    const path = await openCase('OTHERS');
    const id = await say(path, { result: 'not-reached' });
    const asSpecialist = await api.as('north-specialist').post(`${path}/results/${id}/correction`, mistaken);
    expect(asSpecialist.body).toMatchObject({ status: 403 });
    expect((await lead.post(`${path}/results/${id}/correction`, mistaken)).status).toBe(201);
    expect((await lead.post(`${path}/results/${crypto.randomUUID()}/correction`, mistaken)).status).toBe(404);
    expect((await api.as('south-lead').post(`${path}/results/${id}/correction`, mistaken)).status).toBe(404);
  });

  test('changes the books after the close when another end takes its place', async () => {
    const path = await openCase('CLOSED');
    const id = await say(path, renewed);
    expect((await lead.get(path)).body).toMatchObject({ outcome: 'renewed', correctedAt: null });
    const { status, body } = await lead.post(`${path}/results/${id}/correction`, { ...mistaken, replacement: gone });
    expect(status).toBe(201);
    expect(body).toMatchObject({ outcome: 'lost', lossReason: 'sold-or-scrapped', newPolicyNumber: null });
    expect(body.correctedAt).not.toBeNull();
    const { body: journal } = await lead.get(`${path}/journal`);
    expect(journal.items.map(({ event }: { event: string }) => event)).toContain('books-corrected');
  });
});

const eventsOf = async (path: string): Promise<string[]> => {
  const { body } = await lead.get(`${path}/journal`);
  return body.items.map(({ event }: { event: string }) => event);
};

describe('A case that a mistaken result closed while there was time left', () => {
  test('is open again once the result is struck out, and takes the next one', async () => {
    const path = await openCase('GONE-BY-MISTAKE');
    const id = await say(path, gone);
    expect((await lead.get(path)).body.outcome).toBe('lost');
    const { status, body } = await lead.post(`${path}/results/${id}/correction`, mistaken);
    expect(status).toBe(201);
    expect(body).toMatchObject({ outcome: null, stage: 'follow-up', escalated: false });
    expect(body.tasks.some(({ state }: { state: string }) => state === 'open')).toBe(true);
    await agent.post(`${path}/results`, renewedAs('REOPENED-2'));
    expect((await lead.get(path)).body).toMatchObject({ outcome: 'renewed', newPolicyNumber: 'REOPENED-2' });
    expect(await eventsOf(path)).toEqual(expect.arrayContaining(['reopened-by-correction', 'closed:renewed']));
  });

  test('has its second round when the result should have been a decline', async () => {
    const path = await openCase('MISTAKEN-ROUND');
    const id = await say(path, renewedAs('ROUND-2'));
    const replacement = { result: 'declined', lossReason: 'price', rival: 'Other' };
    const { status, body } = await lead.post(`${path}/results/${id}/correction`, { ...mistaken, replacement });
    expect(status).toBe(201);
    expect(body).toMatchObject({ outcome: null, secondRound: { reason: 'price' }, newPolicyNumber: null });
    const lost = { outcome: 'confirmed-lost', note: 'Has signed with the other one.' };
    expect((await lead.post(`${path}/second-round`, lost)).body).toMatchObject({
      outcome: 'lost',
      lossReason: 'price',
    });
  });

  test('can be closed by mistake and opened again more than once', async () => {
    const path = await openCase('MISTAKEN-TWICE');
    for (const _ of [1, 2]) {
      const id = await say(path, gone);
      const { body } = await lead.post(`${path}/results/${id}/correction`, mistaken);
      expect(body).toMatchObject({ outcome: null });
    }
    expect((await eventsOf(path)).filter((event) => event === 'reopened-by-correction')).toHaveLength(2);
  });
});

describe('A new policy number', () => {
  const doubts = async (path: string) =>
    (await eventsOf(path)).filter((event) => event === 'new-number-doubted').length;

  test('that is the old one is kept and told in the journal: there are books that keep their numbers', async () => {
    const path = await openCase('SAME-NUMBER');
    expect((await agent.post(`${path}/results`, renewedAs('SAME-NUMBER'))).status).toBe(201);
    expect(await doubts(path)).toBe(1);
  });

  test('that another vehicle was renewed with is told in the journal', async () => {
    const [first, second] = [await openCase('NUMBER-ONE'), await openCase('NUMBER-OTHER')];
    expect((await agent.post(`${first}/results`, renewedAs('SHARED'))).status).toBe(201);
    await expect.poll(async () => (await lead.get(first)).body.outcome).toBe('renewed');
    expect((await agent.post(`${second}/results`, renewedAs('SHARED'))).status).toBe(201);
    expect([await doubts(first), await doubts(second)]).toEqual([0, 1]);
  });
});

describe('A result over the API', () => {
  test('keeps its proof and says when it was entered after the fact', async () => {
    const path = await openCase('PROOF');
    const evidence = { kind: 'recording', reference: 'call-17', note: 'first half' };
    const occurredAt = new Date(Date.now() - 30 * 3_600_000).toISOString();
    const { body } = await agent.post(`${path}/results`, { result: 'quoted', evidence, occurredAt });
    expect(body.results).toMatchObject([
      { evidenceKind: 'recording', evidenceReference: 'call-17', evidence: 'first half', afterTheFact: true },
    ]);
  });

  test('and another that contradicts it: one wins, the other gets 409 and is kept as late', async () => {
    const path = await openCase('CONTRADICTION');
    const answers = await Promise.all([
      agent.post(`${path}/results`, renewedAs('CONTRA-2')),
      lead.post(`${path}/results`, gone),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const { body: page } = await lead.get(path);
    expect(answers.find(({ status }) => status === 409)?.body.detail).toContain(page.outcome);
    expect(page.results.map(({ state }: { state: string }) => state).toSorted()).toEqual(['applied', 'late']);
    const { body: journal } = await lead.get(`${path}/journal`);
    const events = journal.items.map(({ event }: { event: string }) => event.split(':')[0]);
    expect(events).toEqual(expect.arrayContaining(['closed', 'result', 'late-result']));
  });

  test('sent 50 times with one key is recorded once', async () => {
    const path = await openCase('ONCE');
    const key = { 'idempotency-key': crypto.randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => agent.post(`${path}/results`, { result: 'not-reached' }, key)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const renewalId = path.replace('/v1/renewals/', '');
    expect(await api.db.$count(contactResults, eq(contactResults.renewalId, renewalId))).toBe(1);
  });
});
