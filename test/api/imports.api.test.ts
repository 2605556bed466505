import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;
beforeAll(async () => {
  api = await runApi({ limits: { maxImportBytes: 20_000 } });
  admin = api.as('admin');
  await seedOrganisation(api.db);
  await api.db.insert(staff).values([
    { id: 'north-deputy', name: 'north-deputy', roles: ['channel-manager'], branchId: 'north' },
    { id: 'head-deputy', name: 'head-deputy', roles: ['channel-manager'], branchId: 'head' },
  ]);
});
afterAll(() => api.close());

const header = '保单号,险种,被保险人,保险起期,保险止期,上年保费,机构代码,备注';
const good = 'PDAA000000000000000001,商业险,王小明,2029-07-01,2030-06-30,5480.00,310100,';
const bad = 'PDAA000000000000000002,商业险,李小红,2029-07-01,not a date,5480.00,310100,=1+1';

async function importText(text: string, fields: Record<string, string> = {}, asker = admin) {
  const form = new FormData();
  form.set('file', new File([text], 'list.csv', { type: 'text/csv' }));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const taken = await asker.post('/v1/imports', form);
  expect(taken.status).toBe(202);
  for (;;) {
    const { body } = await asker.get(`/v1/imports/${taken.body.id}`);
    if (body.state === 'completed' || body.state === 'failed') return body;
    await sleep(20);
  }
}

describe('An import', () => {
  test('that cannot be read says why and changes nothing', async () => {
    const ended = await importText('this,is,no,known,list\n1,2,3,4,5\n');
    expect(ended).toMatchObject({ state: 'failed', accepted: 0, failure: expect.any(String) });
  });

  test('takes good rows, lists bad ones by line, column and reason, and gives them back as a CSV', async () => {
    const ended = await importText([header, good, bad].join('\n'));
    expect(ended).toMatchObject({
      state: 'completed',
      rows: 2,
      accepted: 1,
      rejected: 1,
      created: 1,
      format: 'cn-pending-list',
    });
    expect(await api.db.select().from(policies)).toMatchObject([{ policyNumber: 'PDAA000000000000000001' }]);
    const path = `/v1/imports/${ended.id}/rejections`;
    const listed = await admin.get(path);
    expect(listed.body).toEqual({
      items: [{ line: 3, column: '保险止期', reason: expect.any(String) }],
      nextCursor: null,
    });
    for (const csv of [await admin.get(`${path}?format=csv`), await admin.get(path, { accept: 'text/csv' })]) {
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(csv.body).toContain('PDAA000000000000000002,');
      expect(csv.body).not.toContain(',=1+1');
    }
  });

  test('as a dry run counts everything and stores nothing', async () => {
    const ended = await importText([header, good.replace('0001,', '0009,')].join('\n'), { dryRun: 'true' });
    expect(ended).toMatchObject({ state: 'completed', dryRun: true, accepted: 1 });
    expect((await api.db.select().from(policies)).map((policy) => policy.policyNumber)).not.toContain(
      'PDAA000000000000000009',
    );
  });

  test.each([
    ['of an unknown format', { format: 'unheard-of' }, 'format'],
    ['with an unknown field', { surprise: 'x' }, 'surprise'],
    ['with a dryRun that is neither true nor false', { dryRun: 'maybe' }, 'dryRun'],
  ])('%s is refused at once', async (_what, fields, path) => {
    const form = new FormData();
    form.set('file', new File([header], 'list.csv'));
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const { status, body } = await admin.post('/v1/imports', form);
    expect(status).toBe(422);
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  test('without a file is refused', async () => {
    const form = new FormData();
    form.set('dryRun', 'true');
    expect((await admin.post('/v1/imports', form)).body).toMatchObject({ status: 422, errors: [{ path: 'file' }] });
  });

  test('larger than the limit is refused', async () => {
    const form = new FormData();
    form.set('file', new File(['x'.repeat(20_001)], 'list.csv'));
    expect((await admin.post('/v1/imports', form)).status).toBe(413);
  });

  test('that is no form is refused', async () => {
    expect((await admin.post('/v1/imports', { file: 'x' })).status).toBe(415);
  });

  test('is unknown to whoever asks for another id', async () => {
    expect((await admin.get(`/v1/imports/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await admin.get('/v1/imports/not-an-id')).status).toBe(404);
  });

  test.each([
    ['whoever sent it', { sender: 'north-manager', reader: 'north-manager', status: 200 }],
    ['a channel manager of the same branch', { sender: 'north-manager', reader: 'north-deputy', status: 200 }],
    ['a channel manager of a branch above', { sender: 'north-manager', reader: 'head-deputy', status: 200 }],
    ['an admin', { sender: 'north-manager', reader: 'admin', status: 200 }],
    ['nobody of another branch', { sender: 'north-manager', reader: 'south-manager', status: 404 }],
    ['nobody of a branch below', { sender: 'head-deputy', reader: 'north-manager', status: 404 }],
    [
      'no channel manager of a branch, when an admin sent it',
      { sender: 'admin', reader: 'north-manager', status: 404 },
    ],
  ])('is seen by %s', async (_what, { sender, reader, status }) => {
    const { id } = await importText([header, bad].join('\n'), { dryRun: 'true' }, api.as(sender));
    for (const path of [
      `/v1/imports/${id}`,
      `/v1/imports/${id}/rejections`,
      `/v1/imports/${id}/rejections?format=csv`,
    ]) {
      expect((await api.as(reader).get(path)).status).toBe(status);
    }
  });
});
