import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { standInAccount } from '../../src/stack/environment.ts';
import { freePort } from '../../src/stack/ports.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { startWebhook, type Webhook } from './a-webhook.ts';

const { accountSid, authToken } = standInAccount;
const afterMs = 30;
const arrives = { delivery: { status: 'delivered', afterMs } } as const;

let standIn: SmsStandIn;
let webhook: Webhook;

beforeEach(async () => {
  webhook = await startWebhook();
  standIn = await startSmsStandIn({ port: 0, ...standInAccount });
});
afterEach(async () => {
  await standIn.stop();
  await webhook.stop();
});

async function send(to = '+15005550010', more: object = {}) {
  const client = twilio(accountSid, authToken, { autoRetry: false });
  client.api.baseUrl = standIn.url;
  const asked = { to, from: '+15005550006', body: '您的车险将到期', statusCallback: `${webhook.url}/status/7?a=b%20c` };
  const { sid } = await client.messages.create({ ...asked, ...more });
  return client.messages(sid);
}

const callbackCounts = async () =>
  ((await (await fetch(`${standIn.url}/behaviour`)).json()) as { callbacks: object }).callbacks;
const statuses = (): (string | undefined)[] => webhook.calls.map(({ form }) => form['MessageStatus']);

describe('status callbacks of the SMS stand-in', () => {
  test('tell of queued, sent and delivered, form-encoded and signed with the account’s token', async () => {
    standIn.behave(arrives);
    const message = await send();
    const calls = await webhook.until(3);
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    expect(calls.map(({ signed }) => signed)).toEqual([true, true, true]);
    expect(calls[2]).toMatchObject({
      path: '/status/7?a=b%20c',
      contentType: expect.stringMatching(/^application\/x-www-form-urlencoded/),
    });
    const { sid, status, dateSent } = await message.fetch();
    expect({ status, sent: dateSent instanceof Date }).toEqual({ status: 'delivered', sent: true });
    expect(calls[2]?.form).toEqual({
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      From: '+15005550006',
      MessageSid: sid,
      MessageStatus: 'delivered',
      SmsSid: sid,
      SmsStatus: 'delivered',
      To: '+15005550010',
    });
  });

  test.each([
    ['undelivered', 30003, ['queued', 'sent', 'undelivered']],
    ['failed', 30006, ['queued', 'failed']],
  ] as const)('of a message that ends %s carry the code', async (status, errorCode, told) => {
    standIn.behave({ delivery: { status, errorCode, afterMs } });
    const message = await send();
    const calls = await webhook.until(told.length);
    expect(statuses()).toEqual(told);
    expect(calls.at(-1)?.form['ErrorCode']).toBe(String(errorCode));
    expect(await message.fetch()).toMatchObject({ status, errorCode });
  });

  test('of a message that lies longer than it is valid say that it failed', async () => {
    standIn.behave({ delivery: { status: 'delivered', afterMs: 60_000 } });
    await send('+15005550010', { validityPeriod: 1 });
    const calls = await webhook.until(2);
    expect(calls.map(({ form }) => [form['MessageStatus'], form['ErrorCode']])).toEqual([
      ['queued', undefined],
      ['failed', '30036'],
    ]);
  });

  test('come twice when they are doubled', async () => {
    standIn.behave({ ...arrives, callbacks: ['doubled'] });
    await send();
    await webhook.until(6);
    expect(statuses().toSorted()).toEqual(['delivered', 'delivered', 'queued', 'queued', 'sent', 'sent']);
  });

  test('come in the wrong order when they are shuffled', async () => {
    standIn.behave({ ...arrives, callbacks: ['shuffled'] });
    await send();
    await webhook.until(3);
    expect(statuses()).toEqual(['delivered', 'sent', 'queued']);
  });

  test('come when the message has long arrived when they are late', async () => {
    standIn.behave({ ...arrives, callbacks: ['late'], lateMs: 200 });
    const message = await send();
    await expect.poll(async () => (await message.fetch()).status, { interval: 10 }).toBe('delivered');
    expect(webhook.calls).toEqual([]);
    await webhook.until(3);
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
  });

  test('do not come when they never come, and are signed by a stranger when asked for', async () => {
    standIn.behave([
      { ...arrives, callbacks: ['never'] },
      { ...arrives, to: '+15005550011', callbacks: ['wrongly-signed'] },
    ]);
    const silent = await send();
    await send('+15005550011');
    await webhook.until(3);
    expect((await silent.fetch()).status).toBe('delivered');
    expect(webhook.calls.map(({ form, signed }) => `${form['To']} ${signed}`)).toEqual(
      Array(3).fill('+15005550011 false'),
    );
  });

  test('are tried again when we answer 5xx, and given up after two further attempts', async () => {
    webhook.answer(503, 500, 503);
    standIn.behave({ delivery: { status: 'sent', afterMs: 60_000 } });
    await send();
    await webhook.until(3);
    expect(statuses()).toEqual(['queued', 'queued', 'queued']);
    await expect.poll(callbackCounts).toEqual({ answered: 0, refused: 0, lost: 1 });
  });

  test('to a place where nobody listens keep no message from arriving', async () => {
    standIn.behave(arrives);
    const message = await send('+15005550010', { statusCallback: `http://127.0.0.1:${await freePort()}/` });
    await expect.poll(async () => (await message.fetch()).status, { interval: 10 }).toBe('delivered');
  });

  test('of messages that were under way go on after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xubao-test-sms-'));
    const kept = { port: 0, ...standInAccount, file: join(folder, 'messages.jsonl') };
    const restart = async (more: object) => {
      await standIn.stop();
      standIn = await startSmsStandIn({ ...kept, ...more });
    };
    await restart({});
    await send();
    await restart(arrives);
    await webhook.until(3);
    await restart(arrives);
    expect(standIn.messages().map(({ status }) => status)).toEqual(['delivered']);
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    rmSync(folder, { recursive: true });
  });
});
