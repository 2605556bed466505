import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;

beforeAll(async () => {
  const aliyun = { ALIYUN_ACCESS_KEY_ID: 'LTAI', ALIYUN_ACCESS_KEY_SECRET: 'secret', XUBAO_ALIYUN_SIGN_NAME: '续保' };
  api = await runApi({ settings: aliyun });
  admin = api.as('admin');
});
afterAll(() => api.close());

const path = '/v1/settings/sms-providers';
const china = { callingCode: '86', order: ['aliyun', 'twilio'] };
const change = (content: object) => admin.put(path, { content, reason: 'a second provider' });

describe('The order of SMS providers', () => {
  test('is Twilio for every number until an admin says otherwise', async () => {
    const { body } = await admin.get(path);
    expect(body).toMatchObject({ version: 0, content: { default: ['twilio'], countries: [], templateCodes: [] } });
  });

  test('is a setting with versions, by calling code', async () => {
    const content = { default: ['twilio'], countries: [china], templateCodes: [] };
    expect(await change(content)).toMatchObject({ status: 200, body: { version: 1, content } });
  });

  test.each([
    ['a provider that is not set up', { countries: [{ callingCode: '44', order: ['carrier-pigeon'] }] }],
    ['an empty order', { default: [] }],
    ['a provider twice', { default: ['twilio', 'twilio'] }],
    ['a calling code twice', { countries: [china, china] }],
    ['a calling code that is none', { countries: [{ callingCode: '+86', order: ['aliyun'] }] }],
  ])('refuses %s and keeps what there is', async (_what, changed) => {
    const before = await admin.get(path);
    const refused = await change({ default: ['twilio'], countries: [], templateCodes: [], ...changed });
    expect(refused.status).toBe(422);
    expect((await admin.get(path)).body).toEqual(before.body);
  });
});
