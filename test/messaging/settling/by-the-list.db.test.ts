import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../../activities/send.ts';
import type { EmailPort, SmsPort } from '../../../src/messaging/provider-answer.ts';
import { twilioSms } from '../../../src/messaging/sms-twilio.ts';
import { standInAccount } from '../../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../../src/stack/sms-stand-in.ts';
import { at, calendar, openMessageBook, type MessageBook } from '../message-book.ts';
import { settle } from './given-attempts.ts';

const from = '+15005550006';
const { accountSid, authToken } = standInAccount;

let book: MessageBook;
let standIn: SmsStandIn;
let sms: SmsPort;
let phones = 0;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  standIn = await startSmsStandIn({ port: 0, accountSid, authToken });
  sms = twilioSms({ accountSid, authToken, from, baseUrl: standIn.url });
});
afterEach(() => standIn.stop());
afterAll(() => book.close());

const noEmail: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nothing goes by e-mail here')) };
const newPhone = (): string => `+861380000${String((phones += 1) + 1_000)}`;

/** Sends a message through the provider as it behaves now; answers its id. */
async function send(phone = newPhone()): Promise<string> {
  const renewalId = await book.addCase({ customer: { phone } });
  const messageId = await book.plan(renewalId);
  const activities = createSendActivities({ ...book, calendar, sms: [sms], email: noEmail, reportMisconfigured() {} });
  await activities.sendSms({ renewalId, touch: 't-15', stamp: '' });
  return messageId;
}

describe('An SMS whose answer was lost', () => {
  test('and that the provider took is found in its list, with its id there', async () => {
    standIn.behave({ mode: 'reset-after-accept' });
    const messageId = await send();

    await settle(book, sms);

    const providerId = standIn.messages().at(-1)?.sid;
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'accepted', settledBy: 'list', providerId });
    expect(standIn.messages()).toHaveLength(1);
  });

  test('and that the provider never took is not in its list: a reminder is dropped', async () => {
    standIn.behave({ mode: 'reset-before-accept' });
    const messageId = await send();
    standIn.behave({ mode: 'normal' });

    await settle(book, sms);

    expect(await book.findMessage(messageId)).toMatchObject({
      state: 'not-accepted',
      settledBy: 'list',
      reason: 'not-found-at-provider',
    });
    expect(standIn.messages()).toHaveLength(0);
  });

  test('is left to a later question while the provider is down', async () => {
    standIn.behave({ mode: 'reset-after-accept' });
    const messageId = await send();
    await standIn.stop();

    await settle(book, sms);

    expect((await book.findMessage(messageId)).state).toBe('unknown');
    standIn = await startSmsStandIn({ port: 0, accountSid, authToken });
  });

  test('is not guessed at when its number got another text of ours at that time', async () => {
    const phone = newPhone();
    standIn.behave({ mode: 'reset-before-accept', times: 1 });
    const messageId = await send(phone);
    await sms.send({
      attemptId: 'another',
      to: phone,
      templateKey: 'expiry-near',
      language: 'zh-CN',
      params: {},
      renderedText: 'Another text of ours.',
      validForSeconds: 600,
    } as Parameters<SmsPort['send']>[0]);

    await settle(book, sms);

    expect((await book.findMessage(messageId)).state).toBe('unknown');
  });
});

describe('A queued SMS', () => {
  test.each(['2027-03-16T12:00', '2027-03-16T16:30', '2027-03-16T20:59'])(
    'that is claimed at %s is dropped by its provider before the quiet hours begin',
    async (time) => {
      await book.setTime(time);
      await send();

      const [taken] = standIn.messages();

      const quietAt = at('2027-03-16T21:00');
      expect(taken?.validityPeriod).toBeGreaterThan(0);
      expect(at(time) + (taken?.validityPeriod ?? Infinity) * 1_000).toBeLessThanOrEqual(quietAt);
    },
  );
});
