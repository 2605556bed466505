import { eq } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities, type SendActivities } from '../../activities/send.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { connectDatabase, type Db } from '../../src/db/connection.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { smtpEmail, type SmtpEmail } from '../../src/messaging/email-smtp.ts';
import type { ProviderAnswer, SmsMessage, SmsPort } from '../../src/messaging/provider-answer.ts';
import { twilioSms } from '../../src/messaging/sms-twilio.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { standInAccount } from '../../src/stack/environment.ts';
import { freePort } from '../../src/stack/ports.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { startSmtpStandIn, type SmtpStandIn } from './smtp-stand-in.ts';

const account = { accountSid: standInAccount.accountSid, authToken: standInAccount.authToken };
const unsubscribe = { publicUrl: 'https://xubao.example', secret: 'a secret of this test' };

let book: MessageBook;
let standIn: SmsStandIn;
let mails: SmtpStandIn;
let email: SmtpEmail;
let misconfigured: unknown[];

const smsTo = (baseUrl: string, authToken = account.authToken): SmsPort =>
  twilioSms({ ...account, authToken, baseUrl, from: '+15005550006', callbackUrl: 'https://xubao.example' });
const smtpTo = (port: number): SmtpEmail =>
  smtpEmail({ host: '127.0.0.1', port, secure: false, from: 'Xubao <renewals@xubao.example>', unsubscribe });
const activities = ({ sms, ...parts }: { db?: Db; sms?: SmsPort; email?: SmtpEmail } = {}): SendActivities =>
  createSendActivities({
    db: book.db,
    calendar,
    sms: [sms ?? smsTo(standIn.url)],
    email,
    reportMisconfigured: (problem) => misconfigured.push(problem),
    ...parts,
  });
const question = (renewalId: string) => ({ renewalId, touch: 't-15', stamp: '' });

beforeAll(async () => {
  book = await openMessageBook();
  mails = await startSmtpStandIn();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  standIn = await startSmsStandIn({ port: 0, ...account });
  misconfigured = [];
  mails.taken.length = 0;
  mails.behave();
  email = smtpTo(mails.port);
});
afterEach(async () => {
  email.close();
  await standIn.stop();
});
afterAll(async () => {
  await mails.stop();
  await book.close();
});

async function aPlannedSms(): Promise<{ renewalId: string; messageId: string }> {
  const renewalId = await book.addCase();
  return { renewalId, messageId: await book.plan(renewalId) };
}

async function aPlannedEmail(): Promise<{ renewalId: string; messageId: string }> {
  const renewalId = await book.addCase();
  return { renewalId, messageId: await book.plan(renewalId, { channel: 'email' }) };
}

describe('An SMS', () => {
  test('that the provider takes is accepted under its id, and the case hears its plan', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const answer = await activities().sendSms(question(renewalId));
    const row = await book.findMessage(messageId);
    const [taken] = standIn.messages();
    expect(answer).toMatchObject({ kind: 'accepted', planVersion: 1 });
    expect(answer.plan?.touches.length).toBeGreaterThan(0);
    expect(row).toMatchObject({ state: 'accepted', providerId: taken?.sid, answer: 'http-201' });
    expect(taken).toMatchObject({
      to: '+8613800000001',
      body: row.body,
      statusCallback: `https://xubao.example/v1/webhooks/twilio/status/${row.attemptId}`,
    });
    expect(await book.eventsOf(renewalId)).toEqual(['message-accepted accepted']);
  });

  test('cannot lie at the provider until the quiet hours', async () => {
    const { renewalId } = await aPlannedSms();
    await book.setTime('2027-03-16T20:30');
    await activities().sendSms(question(renewalId));
    expect(standIn.messages()[0]?.validityPeriod).toBeGreaterThan(30 * 60 - 60);
    expect(standIn.messages()[0]?.validityPeriod).toBeLessThanOrEqual(30 * 60);
  });

  test('that was accepted is not sent again, and the case hears so', async () => {
    const { renewalId } = await aPlannedSms();
    await activities().sendSms(question(renewalId));
    expect((await activities().sendSms(question(renewalId))).kind).toBe('already');
    expect(standIn.messages()).toHaveLength(1);
  });

  test('that the provider puts off (429) is planned again and goes later, once', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    standIn.behave({ mode: '429', times: 1 });
    const answer = await activities().sendSms(question(renewalId));
    expect(answer).toMatchObject({ kind: 'waiting', reason: 'http-429/20429' });
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned', claimedAt: null, body: null });
    expect((await activities().sendSms(question(renewalId))).kind).toBe('accepted');
    expect(standIn.messages()).toHaveLength(1);
  });

  test('waits ten business minutes before the next attempt, and never beyond its latest instant', async () => {
    const { renewalId } = await aPlannedSms();
    const late = await book.addCase();
    await book.plan(late, { latestAt: new Date(at('2027-03-16T12:05')) });
    standIn.behave({ mode: '429' });
    const minutesOf = async (id: string): Promise<number> => {
      const answer = await activities().sendSms(question(id));
      return answer.kind === 'waiting' ? (answer.until - Date.now()) / 60_000 : Number.NaN;
    };
    expect(Math.round(await minutesOf(renewalId))).toBe(10);
    expect(Math.round(await minutesOf(late))).toBe(5);
  });

  test('meets a provider that is away: nothing left, so it is planned again', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const sms = smsTo(`http://127.0.0.1:${await freePort()}`);
    expect(await activities({ sms }).sendSms(question(renewalId))).toMatchObject({ reason: 'ECONNREFUSED' });
    expect((await book.findMessage(messageId)).state).toBe('planned');
  });

  test('meets a provider whose name is not found: nothing left, so it is planned again', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const sms = smsTo('http://provider.invalid');
    const answer = await activities({ sms }).sendSms(question(renewalId));
    expect(answer.kind).toBe('waiting');
    expect((await book.findMessage(messageId)).answer).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test('refused for our credentials is planned again and reported as a misconfiguration, by id', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const answer = await activities({ sms: smsTo(standIn.url, 'wrong') }).sendSms(question(renewalId));
    expect(answer.kind).toBe('waiting');
    expect(misconfigured).toEqual([{ channel: 'sms', provider: 'twilio', messageId, code: 'http-401/20003' }]);
  });

  test('refused for good is not accepted, with the code', async () => {
    const renewalId = await book.addCase({ customer: { phone: '+8613800000099' } });
    const messageId = await book.plan(renewalId);
    const sms: SmsPort = { name: 'twilio', send: (message) => smsTo(standIn.url).send({ ...message, to: 'nobody' }) };
    expect((await activities({ sms }).sendSms(question(renewalId))).kind).toBe('not-accepted');
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'not-accepted', answer: 'http-400/21211' });
    expect((await activities().sendSms(question(renewalId))).kind).toBe('not-accepted');
    expect(standIn.messages()).toHaveLength(0);
  });

  test('to a number that opted out at the provider enters our own opt-out list', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const sms = answering({ kind: 'http-answer', status: 400, code: 21610 });
    await activities({ sms }).sendSms(question(renewalId));
    const { customerId } = await book.findMessage(messageId);
    const [customer] = await book.db.select().from(customers).where(eq(customers.id, customerId));
    expect(customer?.smsOptedOutAt).not.toBeNull();
  });
});

describe('An SMS whose answer is lost', () => {
  test.each(['500', '500-after-accept', 'reset-before-accept', 'reset-after-accept'] as const)(
    '(%s) is unknown, and no retry sends it again',
    async (mode) => {
      const { renewalId, messageId } = await aPlannedSms();
      standIn.behave({ mode, times: 1 });
      const first = await activities().sendSms(question(renewalId));
      const taken = standIn.messages().length;
      const second = await activities().sendSms(question(renewalId));
      expect([first.kind, second.kind]).toEqual(['unknown', 'unknown']);
      expect((await book.findMessage(messageId)).state).toBe('unknown');
      expect(standIn.messages()).toHaveLength(taken);
      expect(taken).toBe(mode.endsWith('after-accept') ? 1 : 0);
    },
  );

  test('is settled when the answer comes after all, though the case was told unknown', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    standIn.behave({ mode: 'hold', times: 1 });
    const slow = activities().sendSms(question(renewalId));
    await until(() => standIn.messages().length === 1);
    expect((await activities().sendSms(question(renewalId))).kind).toBe('unknown');
    expect((await book.findMessage(messageId)).reason).toBe('interrupted');
    standIn.behave({ mode: 'normal' });
    expect((await slow).kind).toBe('accepted');
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'accepted', reason: null });
    expect(standIn.messages()).toHaveLength(1);
  });

  test('is not planned again by a late refusal, because nobody waits for it any more', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const { port, answer } = answeringLater();
    const slow = activities({ sms: port }).sendSms(question(renewalId));
    await until(async () => (await book.findMessage(messageId)).state === 'claimed');
    await activities().sendSms(question(renewalId));
    answer({ kind: 'http-answer', status: 429 });
    expect((await slow).kind).toBe('not-accepted');
    expect((await book.findMessage(messageId)).state).toBe('not-accepted');
  });
});

describe('A database that goes away', () => {
  test('between the provider and our record leaves an unknown and never a second message', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const connection = connectDatabase(book.databaseUrl);
    const sms: SmsPort = {
      name: 'twilio',
      send: async (message) => {
        const answer = await smsTo(standIn.url).send(message);
        await connection.close();
        return answer;
      },
    };
    const broken = activities({ db: connection.db, sms }).sendSms(question(renewalId));
    await expect(broken).rejects.toThrow('The step failed');
    expect((await activities().sendSms(question(renewalId))).kind).toBe('unknown');
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
    expect(standIn.messages()).toHaveLength(1);
  });

  test('for a moment only does not turn what the provider proved into an unknown', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    let failures = 0;
    const sms: SmsPort = {
      name: 'twilio',
      send: (message) => {
        failures = 2;
        return smsTo(standIn.url).send(message);
      },
    };
    const transaction: Db['transaction'] = (...work) =>
      failures-- > 0 ? Promise.reject(new Error('Connection terminated')) : book.db.transaction(...work);
    const db = Object.create(book.db, { transaction: { value: transaction } }) as Db;
    expect((await activities({ db, sms }).sendSms(question(renewalId))).kind).toBe('accepted');
    expect((await book.findMessage(messageId)).state).toBe('accepted');
  });

  test('is named by its code, without the parameters of the statement', async () => {
    const { renewalId } = await aPlannedSms();
    const connection = connectDatabase(`postgres://nobody:secret@127.0.0.1:${await freePort()}/nowhere`);
    const failure = await activities({ db: connection.db })
      .sendSms(question(renewalId))
      .catch((error: Error) => error);
    await connection.close();
    expect(failure).toMatchObject({ message: 'The step failed: ECONNREFUSED', type: 'ECONNREFUSED' });
    expect(failure).not.toHaveProperty('cause.message');
  });
});

describe('An e-mail', () => {
  test('that the server takes is accepted: one recipient, one Message-ID, text and HTML, one-click unsubscribe', async () => {
    const { renewalId, messageId } = await aPlannedEmail();
    expect((await activities().sendEmail(question(renewalId))).kind).toBe('accepted');
    const raw = mails.taken[0] ?? '';
    const mail = await simpleParser(raw);
    const row = await book.findMessage(messageId);
    expect(mail.messageId).toBe(`<${messageId}@xubao.example>`);
    expect(row).toMatchObject({ state: 'accepted', providerId: mail.messageId });
    expect([mail.to].flat().map((to) => to?.text)).toEqual([row.address]);
    expect(mail.subject).toBe(row.subject);
    expect(mail.text?.startsWith(`${row.body}\n\n`)).toBe(true);
    expect(mail.html).toContain('<p>王芳您好：</p>');
    expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/xubao\.example\/u\/[\w-]+\.[\w-]{43}>\r$/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  });

  test('is sent once though the server took it and hung up, and the activity is retried', async () => {
    const { renewalId } = await aPlannedEmail();
    mails.behave({ at: 'final-dot', drop: true });
    await activities().sendEmail(question(renewalId));
    mails.behave();
    expect((await activities().sendEmail(question(renewalId))).kind).toBe('unknown');
    expect(mails.taken).toHaveLength(1);
  });
});

describe('The devices against doubles', () => {
  const lostAnswers = 10;

  /** Sends with what a plain activity would do: call the provider, and let Temporal retry when no answer came. */
  async function sendWithout(device: 'claim' | 'one-attempt'): Promise<number> {
    standIn.behave({ mode: 'reset-after-accept', times: 1 });
    const { renewalId, messageId } = await aPlannedSms();
    const provider = smsTo(standIn.url);
    if (device === 'one-attempt') {
      await activities({ sms: repeating(provider) }).sendSms(question(renewalId));
    } else {
      await repeating(provider).send(aMessage(messageId));
    }
    return standIn.messages().length;
  }

  test('with them a lost answer never doubles a message, in any of ten tries', async () => {
    for (let tried = 0; tried < lostAnswers; tried += 1) {
      const { renewalId } = await aPlannedSms();
      standIn.behave({ mode: 'reset-after-accept', times: 1 });
      for (let retry = 0; retry < 3; retry += 1) await activities().sendSms(question(renewalId));
    }
    expect(standIn.messages()).toHaveLength(lostAnswers);
  });

  test.each(['claim', 'one-attempt'] as const)('without the %s the same loss doubles it', async (device) => {
    expect(await sendWithout(device)).toBe(2);
  });

  test('the database refuses a second row for the same touch, channel and recipient', async () => {
    const { renewalId } = await aPlannedSms();
    await expect(book.plan(renewalId)).rejects.toMatchObject({ cause: { constraint: 'messages_one_per_touch' } });
  });

  test('a fast business clock gives a refused message a second of wall time before the next attempt', async () => {
    const { renewalId } = await aPlannedSms();
    await anchorClock(book.db, { businessAt: at('2027-03-16T12:00'), speed: 14_400 });
    standIn.behave({ mode: '429' });
    const asked = Date.now();
    const answer = await activities().sendSms(question(renewalId));
    expect(answer.kind === 'waiting' ? answer.until - asked : 0).toBeGreaterThanOrEqual(990);
  });
});

function repeating(provider: SmsPort): SmsPort {
  return {
    name: 'twilio',
    send: async (message) => {
      const answer = await provider.send(message);
      return judge(answer).kind === 'unknown' ? provider.send(message) : answer;
    },
  };
}

function aMessage(attemptId: string): SmsMessage {
  const text = {
    templateKey: 'expiry-near',
    templateCode: null,
    language: 'zh-CN',
    params: {},
    renderedText: '您的商业险将到期',
  };
  return { attemptId, to: '+8613800000001', validForSeconds: 600, ...text };
}

function answering(answer: ProviderAnswer): SmsPort {
  return { name: 'twilio', send: () => Promise.resolve(answer) };
}

function answeringLater(): { port: SmsPort; answer: (answer: ProviderAnswer) => void } {
  const { promise, resolve } = Promise.withResolvers<ProviderAnswer>();
  return { port: { name: 'twilio', send: () => promise }, answer: resolve };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
}
