import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import twilio from 'twilio';
import { standInAccount } from '../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';

const { accountSid, authToken } = standInAccount;
const asked = { to: '+15005550010', from: '+15005550006', body: '您的车险将于 2027-03-31 到期' };

let folder: string;
let file: string;
let standIn: SmsStandIn;

function clientOf(token = authToken) {
  const client = twilio(accountSid, token, { autoRetry: false });
  client.api.baseUrl = standIn.url;
  return client;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-test-sms-'));
  file = join(folder, 'messages.jsonl');
  standIn = await startSmsStandIn({ port: 0, accountSid, authToken, file });
});

afterEach(async () => {
  await standIn.stop();
  rmSync(folder, { recursive: true });
});

describe('the SMS stand-in', () => {
  test("Twilio's own client sends, finds and lists messages", async () => {
    const client = clientOf();
    const sent = await client.messages.create({ ...asked, statusCallback: 'http://127.0.0.1:1/callback' });
    expect(sent).toMatchObject({ status: 'queued', to: asked.to, body: asked.body });
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect((await client.messages(sent.sid).fetch()).sid).toBe(sent.sid);
    const listed = await client.messages.list({ to: asked.to, dateSent: new Date() });
    expect(listed.map((message) => message.sid)).toEqual([sent.sid]);
    expect(await client.messages.list({ to: '+15005550011' })).toEqual([]);
  });

  test('the list is answered page by page', async () => {
    const client = clientOf();
    for (const number of [1, 2, 3, 4, 5]) await client.messages.create({ ...asked, body: `touch ${number}` });
    const listed = await client.messages.list({ pageSize: 2 });
    expect(listed.map((message) => message.body)).toEqual(['touch 5', 'touch 4', 'touch 3', 'touch 2', 'touch 1']);
  });

  test('GET /messages answers one array of all it took', async () => {
    await clientOf().messages.create({ ...asked, statusCallback: 'http://127.0.0.1:1/callback' });
    const all = (await (await fetch(`${standIn.url}/messages`)).json()) as unknown[];
    expect(all).toEqual([
      expect.objectContaining({ ...asked, status: 'queued', statusCallback: 'http://127.0.0.1:1/callback' }),
    ]);
  });

  test('a restart finds the messages again', async () => {
    await clientOf().messages.create(asked);
    await standIn.stop();
    standIn = await startSmsStandIn({ port: 0, accountSid, authToken, file });
    expect(standIn.messages()).toMatchObject([asked]);
  });

  test.each([
    ['a number that is none', { to: '123' }, 21211],
    ['an empty body', { body: '' }, 21602],
    ['a body of more than 1600 characters', { body: 'x'.repeat(1601) }, 21617],
  ])("%s is refused with Twilio's code and not taken", async (_what, change, code) => {
    const sending = clientOf().messages.create({ ...asked, ...change });
    await expect(sending).rejects.toMatchObject({ code, status: 400 });
    expect(standIn.messages()).toEqual([]);
  });

  test('a wrong token is refused', async () => {
    await expect(clientOf('wrong').messages.create(asked)).rejects.toMatchObject({ code: 20003, status: 401 });
  });

  test('an answer that is held leaves an accepted message behind', async () => {
    standIn.behave({ mode: 'hold' });
    const sending = clientOf().messages.create(asked);
    while (standIn.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    standIn.behave({ mode: 'normal' });
    await expect(sending).resolves.toMatchObject({ status: 'queued' });
  });

  test.each([
    ['500', 0, 'Internal Server Error'],
    ['500-after-accept', 1, 'Internal Server Error'],
    ['429', 0, 'Too Many Requests'],
    ['reset-before-accept', 0, /ECONNRESET|hang up/],
    ['reset-after-accept', 1, /ECONNRESET|hang up/],
  ] as const)(
    'with the behaviour %s the caller gets an error and %d messages are taken',
    async (mode, taken, message) => {
      standIn.behave({ mode, times: 1 });
      await expect(clientOf().messages.create(asked)).rejects.toThrow(message);
      expect(standIn.messages()).toHaveLength(taken);
      await expect(clientOf().messages.create(asked)).resolves.toMatchObject({ status: 'queued' });
    },
  );
});
