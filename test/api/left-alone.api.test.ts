import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { fleets } from '../../src/db/schema/fleets.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

let cases = 0;

/** A case of the call centre and north's agent whose customer refuses contact. */
async function refused(): Promise<string> {
  const id = await aCase(api.db, { number: `ALONE${(cases += 1)}`, callCentreSince: new Date() });
  expect((await api.as('north-caller').get(`/v1/renewals/${id}`)).status).toBe(200);
  await api.db.update(renewals).set({ refusedContactAt: new Date() }).where(eq(renewals.id, id));
  return id;
}

const record = (subject: string, id: string, body: object) => api.as(subject).post(`/v1/renewals/${id}/results`, body);
const refusal = { status: 409, body: { code: 'contact-refused' } };

describe('A customer who refused contact', () => {
  test('is the call centre’s no more', async () => {
    const id = await refused();
    expect((await api.as('north-caller').get(`/v1/renewals/${id}`)).status).toBe(404);
    expect((await record('north-caller', id, { result: 'not-reached' })).status).toBe(404);
    const { body } = await api.as('north-caller').get('/v1/renewals');
    expect(body.items.map((item: { id: string }) => item.id)).not.toContain(id);
  });

  test('is read, masked, by whoever of the call centre heard it and may have to correct it', async () => {
    const id = await refused();
    const heard = { id: uuidv7(), renewalId: id, kind: 'contact', state: 'applied', result: 'refused-contact' };
    await api.db.insert(contactResults).values({ ...heard, recordedBy: 'north-caller', recordedAt: new Date() });
    const read = await api.as('north-caller').get(`/v1/renewals/${id}`);
    expect(read).toMatchObject({ status: 200, body: { revealed: false } });
    expect(await api.as('north-caller').get(`/v1/renewals/${id}?reveal=true`)).toMatchObject(refusal);
    expect(await record('north-caller', id, { result: 'not-reached' })).toMatchObject(refusal);
  });

  test('is revealed to the supervisor, and to the agent who reads the case is not', async () => {
    const id = await refused();
    expect((await api.as('north-agent').get(`/v1/renewals/${id}`)).status).toBe(200);
    expect(await api.as('north-agent').get(`/v1/renewals/${id}?reveal=true`)).toMatchObject(refusal);
    const shown = await api.as('north-lead').get(`/v1/renewals/${id}?reveal=true`);
    expect(shown).toMatchObject({ status: 200, body: { revealed: true } });
  });

  test.each(['quoted', 'considering', 'not-reached', 'wrong-number', 'unreachable'])(
    'is not called by the agent: %s is refused, and nothing is kept',
    async (result) => {
      const id = await refused();
      expect(await record('north-agent', id, { result })).toMatchObject(refusal);
      expect(await api.db.$count(contactResults, eq(contactResults.renewalId, id))).toBe(0);
    },
  );

  test('is not called about a fleet either; the answer says so of that case', async () => {
    await api.db.insert(fleets).values({ id: 'fleet:north:F1', branchId: 'north', number: 'F1', openedAt: new Date() });
    const id = await aCase(api.db, { number: 'OF-FLEET', fleetId: 'fleet:north:F1', refusedContactAt: new Date() });
    const { status, body } = await api
      .as('north-agent')
      .post('/v1/fleets/fleet:north:F1/results', { result: 'quoted' });
    expect([status, body.items]).toMatchObject([201, [{ renewalId: id, answer: 'refused', code: 'contact-refused' }]]);
  });

  const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
  const renewal = { result: 'renewed', newPolicyNumber: 'N-1', closing };

  // Without Temporal what is taken waits for its case: 503.
  test.each<[string, string, object]>([
    ['a renewal, which takes no call', 'north-agent', renewal],
    ['another refusal, which is the customer’s own word', 'north-agent', { result: 'refused-contact' }],
    ['what the supervisor heard', 'north-lead', { result: 'considering' }],
  ])('may still have recorded %s', async (_what, subject, body) => {
    expect((await record(subject, await refused(), body)).status).toBe(503);
  });
});
