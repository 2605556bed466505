import { count } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { imports } from '../../src/db/schema/imports.ts';
import { idempotencyKeys } from '../../src/db/schema/operations.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const form = (content: string, fields: Record<string, string> = {}): FormData => {
  const data = new FormData();
  data.set('file', new File([content], 'list.csv', { type: 'text/csv' }));
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

const countImports = async (): Promise<number> => (await api.db.select({ rows: count() }).from(imports))[0]!.rows;

describe('The same request with one Idempotency-Key', () => {
  test('sent 50 times at once has one effect and one answer', async () => {
    const before = await countImports();
    const headers = { 'idempotency-key': 'fifty-at-once' };
    const send = () => api.as('admin').post('/v1/imports', form('no list at all'), headers);
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await countImports()).toBe(before + 1);
  });

  test('but another file or another field is refused', async () => {
    const headers = { 'idempotency-key': 'one-key' };
    expect((await api.as('admin').post('/v1/imports', form('one'), headers)).status).toBe(202);
    expect((await api.as('admin').post('/v1/imports', form('one'), headers)).status).toBe(202);
    expect((await api.as('admin').post('/v1/imports', form('two'), headers)).body).toMatchObject({
      status: 422,
      code: 'key-reused',
    });
    expect((await api.as('admin').post('/v1/imports', form('one', { dryRun: 'true' }), headers)).status).toBe(422);
  });

  test('belongs to who sent it: somebody else’s key is free', async () => {
    const headers = { 'idempotency-key': 'shared-key' };
    const first = await api.as('admin').post('/v1/imports', form('mine'), headers);
    const second = await api.as('channel-manager').post('/v1/imports', form('yours'), headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body.id).not.toBe(second.body.id);
  });

  test('repeats a refusal of the business word for word', async () => {
    const id = await aCase(api.db, { number: 'CLOSED', outcome: 'renewed', closedAt: new Date() });
    const headers = { 'idempotency-key': 'late' };
    const send = () => api.as('north-agent').post(`/v1/renewals/${id}/results`, { result: 'confirmed' }, headers);
    const [first, second] = [await send(), await send()];
    expect(first.body).toMatchObject({ status: 409, code: 'case-closed', detail: expect.stringContaining('renewed') });
    expect(second.body).toEqual(first.body);
    const kept = (await api.db.select().from(contactResults)).filter((row) => row.renewalId === id);
    expect(kept).toMatchObject([{ state: 'late', result: 'confirmed' }]);
  });

  test('goes on with the same result after Temporal was away', async () => {
    const id = await aCase(api.db, { number: 'AWAY' });
    const headers = { 'idempotency-key': 'again-and-again' };
    const send = () => api.as('north-agent').post(`/v1/renewals/${id}/results`, { result: 'confirmed' }, headers);
    for (const answer of [await send(), await send()]) {
      expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
    const received = (await api.db.select().from(contactResults)).filter((row) => row.renewalId === id);
    expect(received).toMatchObject([{ state: 'received' }]);
  }, 60_000);

  test('whose first sender died is taken over once its lock has passed', async () => {
    const key = { subject: 'admin', key: 'died', request: 'post /v1/imports' };
    const sample = await api.as('admin').post('/v1/imports', form('left behind'), { 'idempotency-key': 'sample' });
    expect(sample.status).toBe(202);
    const [row] = (await api.db.select().from(idempotencyKeys)).filter((stored) => stored.key === 'sample');
    await api.db
      .insert(idempotencyKeys)
      .values({ ...key, id: crypto.randomUUID(), bodyHash: row!.bodyHash, lockedUntil: new Date(0) });
    expect((await api.as('admin').post('/v1/imports', form('left behind'), { 'idempotency-key': 'died' })).status).toBe(
      202,
    );
  });
});

describe('A POST that changes something', () => {
  test('needs an Idempotency-Key', async () => {
    const answer = await api.as('admin').post('/v1/intake', {}, { 'idempotency-key': '' });
    expect(answer.body).toMatchObject({ status: 428, code: 'idempotency-key' });
  });

  test.each(['with space', 'x'.repeat(256), 'ümlaut'])('refuses the key «%s»', async (key) => {
    expect((await api.as('admin').post('/v1/intake', {}, { 'idempotency-key': key })).status).toBe(422);
  });
});
