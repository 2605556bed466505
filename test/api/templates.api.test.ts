import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { settings } from '../../src/db/schema/settings.ts';
import { readTextInForce } from '../../src/db/templates/template-rows.ts';
import { shippedText } from '../../src/messaging/templates/shipped.ts';
import { everyTemplateKey } from '../../src/messaging/templates/template.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;
let other: Asker;
let manager: Asker;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  await api.db.insert(staff).values({ id: 'other-admin', name: 'Other', roles: ['admin'] });
  [admin, other, manager] = [api.as('admin'), api.as('other-admin'), api.as('channel-manager')];
});
afterAll(() => api.close());

const shipped = shippedText('last-week', 'zh-CN')!.content;
const saying = (words: string) => ({ ...shipped, sms: `${words}${shipped.sms}` });

type Drafted = { id: string; version: number; contentHash: string };

async function draft(body: object, asker = admin): Promise<Drafted> {
  const drafted = await asker.post('/v1/templates', { key: 'last-week', language: 'zh-CN', ...body });
  expect(drafted.status).toBe(201);
  return drafted.body;
}

async function approved(body: object): Promise<Drafted> {
  const drafted = await draft(body);
  const answer = await manager.post(`/v1/templates/${drafted.id}/approve`, { contentHash: drafted.contentHash });
  expect(answer).toMatchObject({ status: 200, body: { state: 'approved', inForce: true } });
  return drafted;
}

const inForce = async () => (await readTextInForce(api.db, { key: 'last-week', language: 'zh-CN' }))?.version ?? 0;

describe('The texts of messages', () => {
  test('are listed with their versions, page by page; each begins with the one that ships', async () => {
    const all = await api.as('auditor').get('/v1/templates');
    const first = await admin.get('/v1/templates?language=en&limit=5');
    const second = await admin.get(`/v1/templates?language=en&limit=5&cursor=${first.body.nextCursor}`);

    expect(all.body.items).toHaveLength(everyTemplateKey.length * 2);
    expect(all.body.items[0]).toMatchObject({ key: 'expiry-notice', audience: 'customer', inForce: 0 });
    expect(all.body.items[0].versions).toMatchObject([
      { version: 0, state: 'approved', inForce: true, createdBy: null },
    ]);
    const keys = [...first.body.items, ...second.body.items].map(({ key }) => key);
    expect(keys).toEqual(everyTemplateKey.slice(0, 10));
  });

  test('are read one by one, with what they may name', async () => {
    const { body } = await manager.get('/v1/templates/last-week.zh-CN.0');

    expect(body).toMatchObject({ content: shipped, problems: [], warnings: [], comparedWith: 0, differences: [] });
    expect(body.variables).toMatchObject({ name: '王芳', remaining: '还有15天' });
    expect(await admin.get('/v1/templates/last-week.zh-CN.99')).toMatchObject({ status: 404 });
    expect(await admin.get('/v1/templates/constructor.zh-CN.0')).toMatchObject({ status: 404 });
  });

  test('are refused when they could break or name what nobody fills in, with line and column', async () => {
    const email = `${shipped.email}\n\n{% if premiun %}\n\n{{ name | raw }}`;
    const refused = await admin.post('/v1/templates', {
      key: 'last-week',
      language: 'zh-CN',
      content: { ...shipped, sms: '{{ phone }}', email },
    });

    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(refused.body.errors).toEqual([
      { path: 'content.sms', message: 'unknown variable: phone, line:1, col:4' },
      { path: 'content.email', message: expect.stringMatching(/undefined filter: raw, line:\d+, col:1/) },
    ]);
  });

  test('are refused when their SMS takes too many parts', async () => {
    const content = { ...shipped, sms: shipped.sms.padEnd(250, '长') };
    const { status, body } = await admin.post('/v1/templates', { key: 'last-week', language: 'zh-CN', content });

    expect(status).toBe(422);
    expect(body.errors[0].message).toMatch(/^Takes \d parts/);
  });
});

describe('A version of a text', () => {
  test('is approved by somebody who did not write it, and says who did what', async () => {
    const { id, version, contentHash } = await draft({ content: saying('一'), note: 'shorter' });
    const path = `/v1/templates/${id}/approve`;

    const own = await admin.post(path, { contentHash });
    const unlooked = await other.post(path, {});
    const unseen = await other.post(path, { contentHash: '0'.repeat(64) });
    const page = await manager.get(`/v1/templates/${id}`);
    const done = await manager.post(path, { contentHash });
    const late = await other.post(path, { contentHash });

    expect(own).toMatchObject({ status: 403, body: { code: 'second-pair-of-eyes' } });
    expect(unlooked).toMatchObject({ status: 422, body: { errors: [{ path: 'contentHash' }] } });
    expect(unseen).toMatchObject({ status: 409, body: { code: 'draft-changed' } });
    expect(page.body).toMatchObject({
      state: 'draft',
      inForce: false,
      comparedWith: 0,
      differences: [{ path: 'sms' }],
    });
    expect(done.body).toMatchObject({
      state: 'approved',
      inForce: true,
      approvedBy: 'channel-manager',
      note: 'shorter',
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'already-approved' } });
    expect(await entriesOf(version)).toMatchObject([
      { actor: 'admin', event: 'template-drafted', inputs: { contentHash, basedOn: 0 } },
      { actor: 'channel-manager', event: 'template-approved', inputs: { contentHash, from: 0, to: version } },
    ]);
  });

  test('that was overtaken is written anew, and an older content is approved again', async () => {
    const early = await draft({ content: saying('二') });
    const late = await approved({ content: saying('三') });
    const outdated = await other.post(`/v1/templates/${early.id}/approve`, { contentHash: early.contentHash });
    const back = await approved({ copyOf: 0 });

    expect(outdated).toMatchObject({ status: 409, body: { code: 'outdated' } });
    expect(back.version).toBe(late.version + 1);
    expect((await admin.get(`/v1/templates/${back.id}`)).body).toMatchObject({ content: shipped, inForce: true });
  });

  test('is retired for good, and what was approved before it is in force again', async () => {
    const before = await approved({ content: saying('四') });
    const bad = await approved({ content: saying('五') });

    const retired = await manager.post(`/v1/templates/${bad.id}/retire`);
    const again = await other.post(`/v1/templates/${bad.id}/approve`, { contentHash: bad.contentHash });

    expect(retired.body).toMatchObject({ state: 'retired', inForce: false, comparedWith: before.version });
    expect(again).toMatchObject({ status: 409, body: { code: 'no-draft' } });
    expect(await inForce()).toBe(before.version);
    const shippedOne = await manager.post('/v1/templates/last-week.zh-CN.0/retire');
    expect(shippedOne).toMatchObject({ status: 409, body: { code: 'ships' } });
  });

  test('is nothing that the manager of one branch decides on', async () => {
    const { id, contentHash } = await draft({ content: saying('六') });
    const refused = await api.as('north-manager').post(`/v1/templates/${id}/approve`, { contentHash });

    expect(refused).toMatchObject({ status: 403, body: { code: 'beyond-your-branch' } });
  });

  test('is stored once for one request', async () => {
    const body = { key: 'last-week', language: 'en', copyOf: 0 };
    const key = { 'idempotency-key': crypto.randomUUID() };
    const [first, again] = [await admin.post('/v1/templates', body, key), await admin.post('/v1/templates', body, key)];

    expect(again.body).toEqual(first.body);
  });
});

test('a version warns of providers that have given no code for it', async () => {
  const content = { default: ['aliyun', 'twilio'], countries: [], templateCodes: [] };
  const change = { version: 1, changedBy: 'admin', changedAt: new Date() };
  await api.db.insert(settings).values({ name: 'sms-providers', content, ...change });
  const coded = { ...saying('七'), providerTemplates: { aliyun: 'SMS_154950909' } };
  const [without, withCode] = [await draft({ content: saying('七') }), await draft({ content: coded })];

  expect((await admin.get(`/v1/templates/${without.id}`)).body.warnings).toMatchObject([
    { path: 'providerTemplates.aliyun' },
  ]);
  expect((await admin.get(`/v1/templates/${withCode.id}`)).body).toMatchObject({ warnings: [] });
});

describe('A preview', () => {
  test('shows both forms of a text with an example, and how long its SMS is', async () => {
    const { body } = await admin.post('/v1/templates/last-week.zh-CN.0/preview', {});
    const signed = await admin.post('/v1/templates/last-week.zh-CN.0/preview', { signature: '续保' });

    expect(body.sms).toMatchObject({ encoding: 'UCS-2', segments: 1, units: body.sms.text.length });
    expect(signed.body.sms.text).toBe(`【续保】${body.sms.text}`);
    expect(signed.body.sms.units).toBe(body.sms.units + 4);
    expect(body.email.subject).toContain('2027年3月31日');
    expect(body.email.html).toContain('<p>王芳您好：</p>');
    expect(body.email.text).toContain('王芳您好：');
  });

  test('shows a case that one may see, its customer masked and counted whole', async () => {
    const renewalId = await aCase(api.db, { number: 'PREVIEW-1', customerName: '欧阳锋锋' });
    const { body } = await admin.post('/v1/templates/last-week.zh-CN.0/preview', { renewalId });

    expect(body.sms.text).toContain('欧**您好');
    expect(body.sms.text).toContain('京A***45');
    expect(JSON.stringify(body)).not.toContain('欧阳');
    expect(body.sms.units).toBe(body.sms.text.length + 1);
  });

  test('of a case out of reach looks like one of a case that is not there', async () => {
    const renewalId = await aCase(api.db, { number: 'PREVIEW-2', branchId: 'south' });
    const path = '/v1/templates/last-week.zh-CN.0/preview';
    const foreign = await api.as('north-manager').post(path, { renewalId });
    const missing = await api.as('north-manager').post(path, { renewalId: 'renewal.nothing.20300101' });

    expect(foreign.status).toBe(404);
    expect(missing.body).toEqual(foreign.body);
  });

  test('of a text to staff is an example', async () => {
    const { body } = await admin.post('/v1/templates/morning-digest.en.0/preview', {});
    const refused = await admin.post('/v1/templates/morning-digest.en.0/preview', { renewalId: 'renewal.1' });

    expect(body.email.html).toContain('<li>');
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'renewalId' }] } });
  });
});

async function entriesOf(version: number) {
  const entries = await api.db
    .select()
    .from(journal)
    .where(eq(journal.chain, 'templates'))
    .orderBy(asc(journal.sequence));
  return entries.filter(({ inputs }) => (inputs as { version: number }).version === version);
}
