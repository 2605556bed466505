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

  test('a page of the list begins where the one before ended, though messages came between', async () => {
    const client = clientOf();
    for (const number of [1, 2, 3, 4]) await client.messages.create({ ...asked, body: `touch ${number}` });
    const first = await client.messages.page({ pageSize: 2 });
    await client.messages.create({ ...asked, body: 'touch 5' });
    const second = await first.nextPage();
    expect(second?.instances.map((message) => message.body)).toEqual(['touch 2', 'touch 1']);
    expect(await second?.nextPage()).toBeUndefined();
  });

  test('the list is asked from and up to an instant', async () => {
    const client = clientOf();
    const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
    await client.messages.create(asked);
    expect(await client.messages.list({ dateSentAfter: minutes(-1), dateSentBefore: minutes(1) })).toHaveLength(1);
    expect(await client.messages.list({ dateSentAfter: minutes(1) })).toEqual([]);
    expect(await client.messages.list({ dateSentBefore: minutes(-1) })).toEqual([]);
  });

  test('a message is missing in a list that lags, and is found by its id all the same', async () => {
    standIn.behave({ listLagMs: 200 });
    const client = clientOf();
    const { sid } = await client.messages.create(asked);
    expect(await client.messages.list({ to: asked.to })).toEqual([]);
    expect((await client.messages(sid).fetch()).sid).toBe(sid);
    await expect.poll(async () => (await client.messages.list({ to: asked.to })).length).toBe(1);
  });

  test('a scheduled message is cancelled, and one that is queued is not any more', async () => {
    const client = clientOf();
    const { from: _none, ...toWhom } = asked;
    const messagingServiceSid = `MG${'0'.repeat(32)}`;
    const sendAt = new Date(Date.now() + 3_600_000);
    const later = await client.messages.create({ ...toWhom, messagingServiceSid, scheduleType: 'fixed', sendAt });
    expect(later.status).toBe('scheduled');
    expect((await client.messages(later.sid).update({ status: 'canceled' })).status).toBe('canceled');
    const queued = await client.messages.create(asked);
    const cancelling = client.messages(queued.sid).update({ status: 'canceled' });
    await expect(cancelling).rejects.toMatchObject({ status: 409, code: 30409 });
  });

  test('a text is taken out and a message deleted at the provider, which our own list still shows', async () => {
    standIn.behave({ delivery: { status: 'delivered', afterMs: 0 } });
    const client = clientOf();
    const { sid } = await client.messages.create(asked);
    await expect.poll(async () => (await client.messages(sid).fetch()).status).toBe('delivered');
    expect((await client.messages(sid).update({ body: '' })).body).toBe('');
    expect(await client.messages(sid).remove()).toBe(true);
    await expect(client.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    expect(await client.messages.list()).toEqual([]);
    expect(standIn.messages()).toMatchObject([asked]);
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
    standIn.behave({ mode: 'hold', times: 1 });
    const sending = clientOf().messages.create(asked);
    while (standIn.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    standIn.behave({ mode: 'normal' });
    await expect(sending).resolves.toMatchObject({ status: 'queued' });
  });

  test.each([
    ['500', 0, 'Internal Server Error'],
    ['503', 0, 'Service Unavailable'],
    ['500-after-accept', 1, 'Internal Server Error'],
    ['503-after-accept', 1, 'Service Unavailable'],
    ['429', 0, 'Too Many Requests'],
    ['21610', 0, 'unsubscribed recipient'],
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

  test('one phone can have a behaviour of its own, which goes before the one of all', async () => {
    standIn.behave([{ mode: '500' }, { to: asked.to, mode: 'slow', holdMs: 10 }]);
    await expect(clientOf().messages.create(asked)).resolves.toBeDefined();
    await expect(clientOf().messages.create({ ...asked, to: '+15005550011' })).rejects.toMatchObject({ status: 500 });
    const { hits } = (await (await fetch(`${standIn.url}/behaviour`)).json()) as { hits: object };
    expect(hits).toEqual({ slow: 1, '500': 1 });
  });

  test('a behaviour that nobody knows is refused with what is wrong with it', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ mode: 'sulk' });
    const answer = await fetch(`${standIn.url}/behaviour`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('mode')]);
  });
});
