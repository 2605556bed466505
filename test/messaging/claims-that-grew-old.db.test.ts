import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSendActivities, type SendActivities } from '../../activities/send.ts';
import type { Db } from '../../src/db/connection.ts';
import { attemptsOf } from '../../src/db/messages/attempt-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import type { EmailMessage, SmsMessage, SmsPort } from '../../src/messaging/provider-answer.ts';
import type { ProviderCaps } from '../../src/messaging/pace.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

const wallClock = Date.now.bind(Date);
const question = (renewalId: string) => ({ renewalId, touch: 't-15', stamp: '' });

let book: MessageBook;
let texts: SmsMessage[];
let mails: EmailMessage[];

const takes = (name: string): SmsPort => ({
  name,
  send: async (message) => {
    texts.push(message);
    return { kind: 'http-answer', status: 201, id: `SM${message.attemptId}` };
  },
});

function activities({ db, ...parts }: { db?: Db; sms?: SmsPort[]; caps?: ProviderCaps } = {}): SendActivities {
  const email = {
    name: 'smtp',
    send: async (mail: EmailMessage) => {
      mails.push(mail);
      return { kind: 'smtp-reply' as const, reply: 250, id: mail.messageId };
    },
  };
  const sms = [takes('twilio')];
  return createSendActivities({ db: db ?? book.db, calendar, sms, email, reportMisconfigured: () => {}, ...parts });
}

/** The books of a worker to which something happens around its first transaction, which is the claim. */
function aroundTheClaim({ before, after }: { before?: () => Promise<unknown>; after?: () => void }): Db {
  let isFirst = true;
  const transaction: Db['transaction'] = async (...work) => {
    if (!isFirst) return book.db.transaction(...work);
    isFirst = false;
    await before?.();
    const answer = await book.db.transaction(...work);
    after?.();
    return answer;
  };
  return Object.create(book.db, { transaction: { value: transaction } }) as Db;
}

/** A worker that stands still for so long right after its claim. */
const standingStill = (ms: number): Db =>
  aroundTheClaim({ after: () => void vi.spyOn(Date, 'now').mockImplementation(() => wallClock() + ms) });

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  [texts, mails] = [[], []];
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => book.close());

describe('A worker that stood still between its claim and the provider', () => {
  test.each(['sms', 'email'] as const)(
    'tries nothing that it claimed too long ago; the next errand sends it, once: %s',
    async (channel) => {
      const renewalId = await book.addCase();
      const messageId = await book.plan(renewalId, { channel });
      const errand = (db?: Db) => {
        const { sendSms, sendEmail } = activities(db === undefined ? {} : { db });
        return (channel === 'sms' ? sendSms : sendEmail)(question(renewalId));
      };
      expect(await errand(standingStill(21_000))).toMatchObject({ kind: 'waiting', reason: 'claim-too-old' });
      vi.restoreAllMocks();
      expect([texts.length, mails.length]).toEqual([0, 0]);
      expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned', claimedAt: null, body: null });
      expect((await errand()).kind).toBe('accepted');
      expect((await errand()).kind).toBe('already');
      expect(texts.length + mails.length).toBe(1);
      const told = (await attemptsOf(book.db, messageId)).map(({ state, answer }) => `${state} ${answer}`);
      expect(told).toEqual([
        'not-accepted claim-too-old',
        channel === 'sms' ? 'accepted http-201' : 'accepted smtp-250',
      ]);
      expect(await book.eventsOf(renewalId)).toEqual(['message-planned-again try-later', 'message-accepted accepted']);
    },
  );

  test('tries nothing whose window has closed, however short that was', async () => {
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);
    await book.setTime('2027-03-16T20:59');
    const db = aroundTheClaim({
      before: () => book.db.execute(`update business_clock set business_at = business_at + interval '55 seconds'`),
      after: () => void vi.spyOn(Date, 'now').mockImplementation(() => wallClock() + 6_000),
    });
    expect(await activities({ db }).sendSms(question(renewalId))).toMatchObject({ reason: 'claim-too-old' });
    expect(texts).toEqual([]);
    expect((await book.findMessage(messageId)).state).toBe('planned');
  });

  test('hands over in time what is not old yet, valid for as much less', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    await book.setTime('2027-03-16T20:30');
    await activities({ db: standingStill(15_000) }).sendSms(question(renewalId));
    expect(texts.map(({ validForSeconds }) => validForSeconds)[0]).toBeLessThanOrEqual(30 * 60 - 15);
    expect(texts.map(({ validForSeconds }) => validForSeconds)[0]).toBeGreaterThan(30 * 60 - 60);
  });
});

describe('A database that fails between a claim and its provider', () => {
  const preferring = (order: string[]) => ({
    default: ['twilio'],
    countries: [{ callingCode: '49', order }],
    templateCodes: [],
  });

  test('keeps the message from being tried, and not from being planned again and sent by the next errand', async () => {
    await book.db.transaction((tx) =>
      changeSetting(tx, { name: 'sms-providers', content: preferring(['aliyun', 'twilio']), changedBy: 'admin' }),
    );
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);
    const { customerId } = await book.findMessage(messageId);
    const moved = { phone: '+4915112345678', timeZone: 'Asia/Shanghai' };
    let asksForTurn = 0;
    const db = aroundTheClaim({
      before: () => book.db.update(customers).set(moved).where(eq(customers.id, customerId)),
      after: () => void (asksForTurn = 1),
    });
    // The claim goes through another provider than its turn was for, so that one more turn is asked for after it.
    const execute: Db['execute'] = (query) =>
      asksForTurn-- === 1 ? (Promise.reject(new Error('Connection terminated')) as never) : book.db.execute(query);
    const failing = Object.create(db, { execute: { value: execute } }) as Db;
    const sms = [takes('aliyun')];
    const caps = { aliyun: 1_000, twilio: 1_000 };
    const worker = activities({ db: failing, sms, caps });
    expect(await worker.sendSms(question(renewalId))).toMatchObject({
      kind: 'waiting',
      reason: 'provider-at-capacity',
    });
    expect([asksForTurn, texts.length]).toEqual([0, 0]);
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned', answer: 'provider-at-capacity' });
    expect((await activities({ sms, caps }).sendSms(question(renewalId))).kind).toBe('accepted');
    expect(texts).toHaveLength(1);
  });
});
