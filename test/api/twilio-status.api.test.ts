import { eq } from 'drizzle-orm';
import twilio from 'twilio';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageAttempts, messageReceipts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { anUncertainMessage } from './an-uncertain-message.ts';
import { runApi, twilioAuthToken, type RunningApi } from './running-api.ts';

const publicUrl = 'https://renewals.example/xubao';

let api: RunningApi;
let number = 0;

beforeAll(async () => {
  api = await runApi({ settings: { XUBAO_PUBLIC_URL: publicUrl } });
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Uncertain = { messageId: string; attemptId: string };

async function anAttemptOfWhichNobodyHeard(): Promise<Uncertain> {
  const messageId = await anUncertainMessage(api.db, await aCase(api.db, { number: `CALLED-${(number += 1)}` }));
  const [attempt] = await api.db.select().from(messageAttempts).where(eq(messageAttempts.messageId, messageId));
  return { messageId, attemptId: attempt?.id ?? '' };
}

const stateOf = async ({ messageId }: Uncertain): Promise<string | undefined> =>
  (await api.db.select().from(messages).where(eq(messages.id, messageId)))[0]?.state;

type Call = { form?: Record<string, string>; token?: string; signedFor?: string; headers?: Record<string, string> };

/** Calls as Twilio does: signed for the address that it was given, with the fields that it sends. */
async function call(attemptId: string, status: string, changed: Call = {}): Promise<Response> {
  const path = `/v1/webhooks/twilio/status/${attemptId}`;
  const form = { AccountSid: 'AC0', MessageSid: 'SM1', MessageStatus: status, To: '+8613800001234', ...changed.form };
  const { token = twilioAuthToken, signedFor = `${publicUrl}${path}` } = changed;
  const signature = twilio.getExpectedTwilioSignature(token, signedFor, form);
  const headers = { 'x-twilio-signature': signature, ...changed.headers };
  return fetch(`${api.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) });
}

describe('A status callback of Twilio', () => {
  test('settles an attempt of which nobody heard, without a token or an Idempotency-Key', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();

    const response = await call(attempt.attemptId, 'delivered');

    expect([response.status, await response.text(), await stateOf(attempt)]).toEqual([204, '', 'delivered']);
  });

  test('comes doubled and shuffled, is kept once each and counts by its rank', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();

    for (const status of ['sent', 'delivered', 'sent', 'queued', 'delivered', 'sending'])
      expect((await call(attempt.attemptId, status)).status).toBe(204);

    expect(await stateOf(attempt)).toBe('delivered');
    expect(await api.db.$count(messageReceipts, eq(messageReceipts.attemptId, attempt.attemptId))).toBe(4);
  });

  test('keeps no phone number', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();
    await call(attempt.attemptId, 'undelivered', { form: { ErrorCode: '30003' } });

    const kept = await api.db.select().from(messageReceipts).where(eq(messageReceipts.attemptId, attempt.attemptId));

    expect(kept).toMatchObject([{ status: 'undelivered', errorCode: '30003', providerId: 'SM1' }]);
    expect(JSON.stringify(kept)).not.toContain('1380000');
  });

  test('with fields that Twilio has added since is taken', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();

    expect((await call(attempt.attemptId, 'sent', { form: { RawDlrDoneDate: '2612010900' } })).status).toBe(204);
  });

  test('replayed for another attempt is refused: its signature is for its own address', async () => {
    const [mine, other] = [await anAttemptOfWhichNobodyHeard(), await anAttemptOfWhichNobodyHeard()];
    const signedFor = `${publicUrl}/v1/webhooks/twilio/status/${mine.attemptId}`;

    const response = await call(other.attemptId, 'delivered', { signedFor });

    expect([response.status, await stateOf(other)]).toEqual([403, 'unknown']);
  });

  test.each([
    ['with another token', { token: 'somebody else’s' }],
    ['for the address of this machine', { signedFor: 'http://127.0.0.1' }],
    ['for another host', { signedFor: 'https://renewals.example.evil/v1/webhooks/twilio/status/x' }],
    ['not at all', { headers: { 'x-twilio-signature': '' } }],
    ['with something long', { headers: { 'x-twilio-signature': 'x'.repeat(4_000) } }],
  ] as [string, Call][])('signed %s is refused and changes nothing', async (_how, changed) => {
    const attempt = await anAttemptOfWhichNobodyHeard();

    const response = await call(attempt.attemptId, 'delivered', changed);

    expect([response.status, ((await response.json()) as { code: string }).code, await stateOf(attempt)]).toEqual([
      403,
      'forbidden',
      'unknown',
    ]);
    expect(await api.db.$count(messageReceipts, eq(messageReceipts.attemptId, attempt.attemptId))).toBe(0);
  });

  test('whose form was changed on its way is refused', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();
    const path = `/v1/webhooks/twilio/status/${attempt.attemptId}`;
    const form = { MessageSid: 'SM1', MessageStatus: 'undelivered' };
    const signature = twilio.getExpectedTwilioSignature(twilioAuthToken, `${publicUrl}${path}`, form);

    const body = new URLSearchParams({ ...form, MessageStatus: 'delivered' });
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body,
    });

    expect([response.status, await stateOf(attempt)]).toEqual([403, 'unknown']);
  });

  test.each([
    { what: 'of an attempt that nobody made', attemptId: uuidv7(), form: {}, status: 404 },
    { what: 'of something that is no id', attemptId: 'nonsense', form: {}, status: 404 },
    { what: 'without a status', attemptId: uuidv7(), form: { MessageStatus: '' }, status: 422 },
  ])('$what is refused with $status', async ({ attemptId, form, status }) => {
    const response = await call(attemptId, 'delivered', { form });

    expect(response.status).toBe(status);
  });

  test.each([
    { what: 'JSON', type: 'application/json', body: '{}', status: 415 },
    {
      what: 'a form of more than 64 KB',
      type: 'application/x-www-form-urlencoded',
      body: `Body=${'x'.repeat(70_000)}`,
      status: 413,
    },
  ])('that is $what is refused before anything else', async ({ type, body, status }) => {
    const request = { method: 'POST', headers: { 'content-type': type }, body };
    const response = await fetch(`${api.url}/v1/webhooks/twilio/status/${uuidv7()}`, request);

    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
