import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { plannedConfirmations, planConfirmation } from '../../src/db/messages/planned-messages.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { applyReceipt } from '../../src/messaging/apply-receipt.ts';
import type { ProviderAnswer } from '../../src/messaging/provider-answer.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;
let answer: ProviderAnswer;
let attempts: number;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  answer = { kind: 'http-answer', status: 201, id: 'SM1' };
  attempts = 0;
});
afterAll(() => book.close());

const port = {
  name: 'twilio',
  send: async () => {
    attempts += 1;
    return answer;
  },
};
const send = async (renewalId: string, channel: Channel = 'sms', touch = 't-15') => {
  const parts = { db: book.db, calendar, sms: [port], email: port, reportMisconfigured: () => {} };
  const activities = createSendActivities(parts);
  const question = { renewalId, touch, stamp: '' };
  return channel === 'sms' ? activities.sendSms(question) : activities.sendEmail(question);
};

let numbers = 0;
const aPhone = (): string => `+86138${String((numbers += 1)).padStart(8, '0')}`;
const anAddress = (): string => `wang${(numbers += 1)}@example.com`;

/** A customer of one policy to whom a touch of this channel is planned. */
async function aCustomer(changed: Partial<typeof customers.$inferInsert> = {}, channel: Channel = 'sms') {
  const customerId = await book.addCustomer({ phone: aPhone(), email: anAddress(), ...changed });
  const renewalId = await book.addCase({ policy: { customerId } });
  return { customerId, renewalId, messageId: await book.plan(renewalId, { channel }) };
}

/** The same touch of another policy of the customer, days later. */
async function another(customerId: string, channel: Channel = 'sms') {
  const renewalId = await book.addCase({ policy: { customerId } });
  const dueAt = new Date(at('2027-03-20T09:30'));
  const messageId = await book.plan(renewalId, { channel, dueAt, latestAt: new Date(at('2027-03-21T09:30')) });
  await book.setTime('2027-03-20T12:00');
  return { renewalId, messageId };
}

const fileChecks = async (renewalId: string): Promise<string[]> => {
  const isCheck = and(eq(tasks.renewalId, renewalId), eq(tasks.kind, 'file-check'), eq(tasks.state, 'open'));
  const found = await book.db.select({ role: tasks.role }).from(tasks).where(isCheck);
  return found.map(({ role }) => role);
};

describe('An address that is none', () => {
  const refusals: [what: string, channel: Channel, answer: ProviderAnswer, reason: string][] = [
    ['an invalid number', 'sms', { kind: 'http-answer', status: 400, code: 21211 }, 'no-such-address'],
    ['no mobile number', 'sms', { kind: 'http-answer', status: 400, code: 21614 }, 'cannot-take-sms'],
    ['an unknown mailbox', 'email', { kind: 'smtp-reply', reply: 550, status: '5.1.1' }, 'no-such-address'],
    ['a refused recipient', 'email', { kind: 'smtp-reply', reply: 550, status: 'recipient' }, 'no-such-address'],
  ];
  test.each(refusals)(
    'by the refusal of %s is not written to again, and its file is checked',
    async (...[, channel, refusal, reason]) => {
      const { customerId, renewalId } = await aCustomer({}, channel);
      answer = refusal;
      await send(renewalId, channel);

      expect(await book.eventsOf(renewalId)).toContain(`address-suppressed:${channel} ${reason}`);
      expect(await fileChecks(renewalId)).toEqual(['specialist']);
      const next = await another(customerId, channel);
      expect(await send(next.renewalId, channel)).toMatchObject({ kind: 'suppressed', reason: 'address-suppressed' });
      expect(attempts).toBe(1);
    },
  );

  test('is written to again once a list has another one', async () => {
    const { customerId, renewalId } = await aCustomer();
    answer = { kind: 'http-answer', status: 400, code: 21211 };
    await send(renewalId);
    await book.db.update(customers).set({ phone: aPhone() }).where(eq(customers.id, customerId));

    answer = { kind: 'http-answer', status: 201, id: 'SM2' };
    expect((await send((await another(customerId)).renewalId)).kind).toBe('accepted');
  });

  test('is not taken for the address to which a later attempt went', async () => {
    const { customerId, renewalId, messageId } = await aCustomer();
    answer = { kind: 'no-answer', code: 'ECONNRESET' };
    await send(renewalId);
    const { attemptId } = await book.findMessage(messageId);
    await book.db.update(customers).set({ phone: aPhone() }).where(eq(customers.id, customerId));
    await book.db.update(messages).set({ state: 'planned', resends: 1 }).where(eq(messages.id, messageId));
    answer = { kind: 'http-answer', status: 201, id: 'SM4' };
    await send(renewalId);

    const delivery = { providerId: 'SM3', state: 'undelivered', status: 'undelivered', errorCode: '21614' } as const;
    await applyReceipt(book.db, { attemptId: attemptId ?? '', delivery, by: 'callback' }, calendar);

    expect(attempts).toBe(2);
    expect((await book.eventsOf(renewalId)).filter((event) => event.startsWith('address-suppressed'))).toEqual([]);
  });

  test.each([
    ['policy', { kind: 'smtp-reply', reply: 550, status: '5.7.1' }],
    ['a message that is too big', { kind: 'smtp-reply', reply: 552, status: '5.3.4' }],
    ['our own address', { kind: 'smtp-reply', reply: 553, status: '5.1.8' }],
  ] as [string, ProviderAnswer][])('is not proved by a refusal for %s', async (_why, refusal) => {
    const { customerId, renewalId } = await aCustomer({}, 'email');
    answer = refusal;
    await send(renewalId, 'email');

    answer = { kind: 'smtp-reply', reply: 250, id: 'x' };
    expect((await send((await another(customerId, 'email')).renewalId, 'email')).kind).toBe('accepted');
    expect(await fileChecks(renewalId)).toEqual([]);
  });
});

describe('A handset that cannot be reached (30003)', () => {
  const days = ['2027-03-01', '2027-03-08', '2027-03-15'];
  /** Sends one touch a day and lets the provider call back with these codes; answers the case and what was journalled. */
  async function failing(codes: (string | null)[]) {
    const { customerId, renewalId } = await aCustomer();
    for (const [turn, errorCode] of codes.entries()) {
      const due = { dueAt: new Date(at(`${days[turn]}T09:30`)), latestAt: new Date(at(`${days[turn]}T20:00`)) };
      const messageId = await book.plan(renewalId, { touch: `t-${turn}`, ...due });
      await book.setTime(`${days[turn]}T12:00`);
      await send(renewalId, 'sms', `t-${turn}`);
      const { attemptId, providerId } = await book.findMessage(messageId);
      const told = { providerId: providerId ?? '', status: errorCode === null ? 'delivered' : 'undelivered' };
      const state = errorCode === null ? ('delivered' as const) : ('undelivered' as const);
      const delivery = { ...told, state, ...(errorCode === null ? {} : { errorCode }) };
      for (const by of ['callback', 'callback', 'list'] as const) {
        await applyReceipt(book.db, { attemptId: attemptId ?? '', delivery, by }, calendar);
      }
    }
    const events = await book.eventsOf(renewalId);
    return { customerId, renewalId, suppressed: events.filter((event) => event.startsWith('address-suppressed')) };
  }

  test('three times in a row suppresses the number once, however often the provider says so', async () => {
    const { customerId, renewalId, suppressed } = await failing(['30003', '30003', '30003']);
    expect(suppressed).toEqual(['address-suppressed:sms unreachable']);
    expect(await fileChecks(renewalId)).toEqual(['specialist']);
    const next = await another(customerId);
    expect(await send(next.renewalId)).toMatchObject({ reason: 'address-suppressed' });
  });

  test.each([
    ['twice', ['30003', '30003']],
    ['twice with a delivery between', ['30003', null, '30003']],
    ['twice after a delivery', [null, '30003', '30003']],
    ['twice, and once for another reason', ['30003', '30007', '30003']],
  ])('%s does not', async (_how, codes) => {
    expect((await failing(codes)).suppressed).toEqual([]);
  });
});

describe('What can take no SMS never reaches a provider', () => {
  test.each([
    ['a landline', '+862161321234', 'phone-cannot-take-sms'],
    ['a number that nobody can have', '+8619900', 'no-phone'],
    ['a number with a digit too many', '+861380000000199', 'no-phone'],
  ])('%s', async (_what, phone, reason) => {
    const { renewalId } = await aCustomer({ phone });
    expect(await send(renewalId)).toMatchObject({ kind: 'suppressed', reason });
    expect(attempts).toBe(0);
  });
});

describe('A customer whom no channel reaches', () => {
  const unreachable: [string, Partial<typeof customers.$inferInsert>][] = [
    ['without phone and e-mail', { phone: null, email: null }],
    ['who allowed neither', { smsConsent: false, emailConsent: false }],
    ['with a landline and without consent to e-mail', { phone: '+862161321234', emailConsent: false }],
  ];
  test.each(unreachable)('%s is a file check, one for the case', async (_who, changed) => {
    const { renewalId } = await aCustomer(changed);
    await book.plan(renewalId, { channel: 'email' });
    await send(renewalId);
    await send(renewalId, 'email');
    expect(await fileChecks(renewalId)).toEqual(['specialist']);
  });

  test.each([
    ['who has an e-mail address', { phone: null }],
    ['who opted out', { phone: null, emailOptedOutAt: new Date(0) }],
    ['who refused contact', { phone: null, email: null, doNotContactUntil: new Date(at('2027-09-01T00:00')) }],
  ])('is nobody %s', async (_who, changed) => {
    const { renewalId } = await aCustomer(changed);
    await send(renewalId);
    expect(await fileChecks(renewalId)).toEqual([]);
  });
});

describe('The confirmation of a renewal', () => {
  const channelsOf = async (renewalId: string): Promise<string[]> => {
    await book.db.transaction(async (tx) => planConfirmation(tx, await readSituation(tx, renewalId, calendar)));
    return plannedConfirmations(book.db, renewalId);
  };

  test.each([
    ['by SMS', {}, ['sms']],
    ['by e-mail to who has a landline', { phone: '+862161321234' }, ['email']],
    ['by nothing to who has neither', { phone: '+862161321234', email: null }, []],
  ])('is planned %s', async (_how, changed, channels) => {
    const { renewalId } = await aCustomer(changed);
    expect(await channelsOf(renewalId)).toEqual(channels);
  });

  test('is planned by e-mail to whose number was suppressed', async () => {
    const { renewalId } = await aCustomer();
    answer = { kind: 'http-answer', status: 400, code: 21614 };
    await send(renewalId);
    expect(await channelsOf(renewalId)).toEqual(['email']);
  });
});
