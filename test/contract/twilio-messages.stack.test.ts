import { setTimeout as sleep } from 'node:timers/promises';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { twilioSms } from '../../src/messaging/sms-twilio.ts';
import { standInAccount } from '../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { sharedData } from '../intake/real-lists.ts';
import { recordExchanges, type Exchange, type Recorder } from './recorded-exchanges.ts';
import { checkExchange, readDescription, type Description } from './twilio-description.ts';

const file = sharedData('twilio_api_v2010.json.gz');
const { accountSid, authToken } = standInAccount;
const [to, from] = ['+8613800000001', '+15005550006'];
const nothing: Description = { paths: {}, components: { schemas: {} } };
const messagingServiceSid = `MG${'0'.repeat(32)}`;

describe.skipIf(file === undefined)('What Twilio’s client asks the stand-in, and what the stand-in answers', () => {
  const description = file === undefined ? nothing : readDescription(file);
  let standIn: SmsStandIn;
  let recorder: Recorder;

  beforeAll(async () => {
    standIn = await startSmsStandIn({ port: 0, ...standInAccount, delivery: { status: 'delivered', afterMs: 0 } });
    recorder = await recordExchanges(standIn.url);
    await everyAnswer(recorder.url, standIn);
    await everyError(recorder.url, standIn);
  });
  afterAll(async () => {
    await recorder.stop();
    await standIn.stop();
  });

  const checked = (): { operation: string; faults: string[] }[] =>
    recorder.exchanges.map((exchange) => checkExchange(description, exchange));

  test('is as Twilio describes its API, request by request and answer by answer', () => {
    expect(checked().flatMap(({ operation, faults }) => faults.map((fault) => `${operation} ${fault}`))).toEqual([]);
  });

  test('covers every operation on messages with every answer that it has', () => {
    const operations = checked();
    const met = new Set(recorder.exchanges.map(({ status }, turn) => `${operations[turn]?.operation} ${status}`));
    process.stdout.write(`${recorder.exchanges.length} exchanges: ${[...met].toSorted().join(', ')}\n`);
    expect([...met].toSorted()).toEqual([
      'CreateMessage 201',
      'CreateMessage 400',
      'CreateMessage 401',
      'CreateMessage 429',
      'CreateMessage 500',
      'CreateMessage 503',
      'DeleteMessage 204',
      'DeleteMessage 409',
      'FetchMessage 200',
      'FetchMessage 404',
      'ListMessage 200',
      'UpdateMessage 200',
      'UpdateMessage 409',
    ]);
  });

  test.each<[string, (exchange: Exchange) => Exchange]>([
    ['a status that Twilio has not', (one) => ({ ...one, body: { ...(one.body as object), status: 'asleep' } })],
    ['an answer without its id', (one) => ({ ...one, body: { ...(one.body as object), sid: undefined } })],
    ['a field that Twilio has not', (one) => ({ ...one, body: { ...(one.body as object), sent_by: 'us' } })],
    ['a date of another form', (one) => ({ ...one, body: { ...(one.body as object), date_created: '2027-03-16' } })],
    ['a request with a field that Twilio has not', (one) => ({ ...one, form: { ...one.form, Text: 'hello' } })],
    ['a validity that is no number', (one) => ({ ...one, form: { ...one.form, ValidityPeriod: 'long' } })],
    ['a path that Twilio has not', (one) => ({ ...one, path: one.path.replace('Messages', 'Texts') })],
    ['an account id of another form', (one) => ({ ...one, path: one.path.replace(/AC0+/, 'AC0') })],
  ])('would show %s', (_what, spoil) => {
    const [created] = recorder.exchanges;
    expect(checkExchange(description, spoil(created!)).faults).not.toEqual([]);
  });
});

function clientOf(url: string, token = authToken) {
  const client = twilio(accountSid, token, { autoRetry: false });
  client.api.baseUrl = url;
  return client;
}

/** First what our own adapter does, then the rest of what the client can do with messages. */
async function everyAnswer(url: string, standIn: SmsStandIn): Promise<void> {
  const client = clientOf(url);
  const callbackUrl = 'http://127.0.0.1:9';
  const adapter = twilioSms({ accountSid, authToken, from, baseUrl: url, callbackUrl });
  const attemptId = '01890000-0000-7000-8000-000000000001';
  const renderedText = '您的车险将于 2027-03-31 到期';
  const asked = {
    attemptId,
    to,
    templateKey: 'expiry-near',
    templateCode: null,
    params: {},
    renderedText,
    validForSeconds: 600,
    language: 'zh-CN',
  };
  await adapter.send(asked);
  const past = { attemptId, to, text: renderedText, triedAt: Date.now() };
  await adapter.lookUp?.(past);
  await adapter.fetch?.({ ...past, providerId: standIn.messages()[0]?.sid ?? '' });

  for (const body of ['one', 'two', 'three']) await client.messages.create({ to, messagingServiceSid, body });
  await standIn.text({ from: to, body: '已续保' });
  standIn.behave({ delivery: { status: 'undelivered', errorCode: 30003, afterMs: 0 } });
  const lost = await client.messages.create({ to, from, body: 'lost' });
  await client.messages(lost.sid).fetch();
  await client.messages.list({ pageSize: 2 });
  const day = new Date();
  await client.messages.list({ to, from, dateSent: day });
  await client.messages.list({ dateSentAfter: day, dateSentBefore: day });

  const sendAt = new Date(Date.now() + 3_600_000);
  const later = await client.messages.create({ to, messagingServiceSid, scheduleType: 'fixed', sendAt, body: 'later' });
  await client.messages(later.sid).update({ status: 'canceled' });
  while ((await client.messages(lost.sid).fetch()).status !== 'undelivered') await sleep(10);
  await client.messages(lost.sid).update({ body: '' });
  await client.messages(lost.sid).remove();
}

async function everyError(url: string, standIn: SmsStandIn): Promise<void> {
  const client = clientOf(url);
  standIn.behave({ delivery: { status: 'delivered', afterMs: 60_000 } });
  const queued = await client.messages.create({ to, from, body: 'queued' });
  const errors = [
    () => client.messages.create({ to: '123', from, body: 'x' }),
    () => client.messages.create({ to, from, body: '' }),
    () => clientOf(url, 'wrong').messages.create({ to, from, body: 'x' }),
    () => client.messages(`SM${'0'.repeat(32)}`).fetch(),
    () => client.messages(queued.sid).update({ status: 'canceled' }),
    () => client.messages(queued.sid).remove(),
  ];
  for (const fail of errors) await expect(fail()).rejects.toHaveProperty('status');
  for (const mode of ['429', '500', '503', '21610', '500-after-accept', '503-after-accept'] as const) {
    standIn.behave({ mode });
    await expect(client.messages.create({ to, from, body: mode })).rejects.toHaveProperty('status');
  }
}
