import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { standInAccount } from '../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { startWebhook, type Webhook } from './a-webhook.ts';

const [phone, number] = ['+15005550010', '+15005550006'];

let standIn: SmsStandIn;
let webhook: Webhook;

beforeEach(async () => {
  webhook = await startWebhook();
  standIn = await startSmsStandIn({ port: 0, ...standInAccount, inboundUrl: `${webhook.url}/inbound` });
});
afterEach(async () => {
  await standIn.stop();
  await webhook.stop();
});

function clientOf() {
  const client = twilio(standInAccount.accountSid, standInAccount.authToken, { autoRetry: false });
  client.api.baseUrl = standIn.url;
  return client;
}

const send = (to = phone, from = number) => clientOf().messages.create({ to, from, body: '您的车险将到期' });

describe('a phone that sends a text to our number', () => {
  test('is told to our webhook, signed, with what Twilio tells, and listed among the messages received', async () => {
    const answered = await standIn.text({ from: phone, body: '我已经续保了' });
    expect(answered.webhook).toEqual({ status: 200, body: '<Response/>' });
    expect(webhook.calls).toMatchObject([{ path: '/inbound', signed: true }]);
    expect(webhook.calls[0]?.form).toEqual({
      AccountSid: standInAccount.accountSid,
      ApiVersion: '2010-04-01',
      Body: '我已经续保了',
      From: phone,
      MessageSid: answered.sid,
      NumMedia: '0',
      NumSegments: '1',
      SmsMessageSid: answered.sid,
      SmsSid: answered.sid,
      SmsStatus: 'received',
      To: number,
    });
    const [listed] = await clientOf().messages.list({ from: phone });
    expect(listed).toMatchObject({ sid: answered.sid, direction: 'inbound', status: 'received' });
    expect(standIn.messages()).toEqual([]);
  });

  test('writes to the number from which it was written to last', async () => {
    await send(phone, '+15005550007');
    await standIn.text({ from: phone, body: 'OK' });
    expect(webhook.calls[0]?.form['To']).toBe('+15005550007');
  });

  test.each(['STOP', ' stop ', 'Unsubscribe'])('with %j gets nothing more from that number (21610)', async (body) => {
    await send();
    await standIn.text({ from: phone, body });
    await expect(send()).rejects.toMatchObject({ status: 400, code: 21610 });
    await expect(send(phone, '+15005550007')).resolves.toBeDefined();
    await expect(send('+15005550011')).resolves.toBeDefined();
    expect(standIn.messages()).toHaveLength(3);
  });

  test('with START may be written to again', async () => {
    await standIn.text({ from: phone, body: 'STOP' });
    await standIn.text({ from: phone, body: 'Start' });
    await expect(send()).resolves.toBeDefined();
  });

  test.each(['please stop by tomorrow', '退订', 'stop it'])('with %j has used no keyword of Twilio', async (body) => {
    await standIn.text({ from: phone, body });
    await expect(send()).resolves.toBeDefined();
  });

  test('can be moved by a person on the page, which shows texts as texts', async () => {
    await clientOf().messages.create({ to: phone, from: number, body: '<b>到期</b>' });
    const page = await (await fetch(standIn.url)).text();
    expect(page).toContain('&#60;b&#62;到期&#60;/b&#62;');
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    const pressed = await fetch(`${standIn.url}${action}`, {
      method: 'POST',
      body: new URLSearchParams({ body: 'STOP' }),
    });
    expect(await pressed.text()).toContain('<td>received</td><td>STOP</td>');
    await expect(send()).rejects.toMatchObject({ code: 21610 });
  });
});
