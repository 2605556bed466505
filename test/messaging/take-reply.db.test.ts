import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inboundMessages } from '../../src/db/schema/consents.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { recordVerdict } from '../../src/messaging/record-verdict.ts';
import { aPhone, customerOf, openTasksOf, wordsOf, wrote } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const claim = (renewalId: string) => claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);
const standing = async (id: string): Promise<string> => {
  const { state, reason } = await book.findMessage(id);
  return reason === null ? state : `${state} ${reason}`;
};
const tomorrow = { dueAt: new Date(at('2027-03-17T09:30')), latestAt: new Date(at('2027-03-18T09:30')) };

/** A customer of this phone with a case and a message that is due tomorrow on each channel. */
async function aCustomer(phone: string) {
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const sms = await book.plan(renewalId, tomorrow);
  const email = await book.plan(renewalId, { ...tomorrow, channel: 'email' });
  return { customerId, renewalId, sms, email };
}

async function aTask(renewalId: string, kind: string, role: string): Promise<void> {
  const id = randomUUID();
  const [dueAt, createdAt] = [tomorrow.dueAt, new Date(at('2027-03-15T09:00'))];
  await book.db
    .insert(tasks)
    .values({ id, key: id, kind, role, renewalId, branchId: '3701', state: 'open', dueAt, createdAt });
}

describe('STOP from a phone', () => {
  test('stops every planned SMS in all cases of everybody with that number, and nothing on other channels', async () => {
    const phone = aPhone();
    const [one, other] = [await aCustomer(phone), await aCustomer(phone)];
    const secondCase = await book.addCase({ policy: { customerId: one.customerId } });
    const secondSms = await book.plan(secondCase, tomorrow);

    await wrote(book, phone, '退订');

    for (const id of [one.sms, secondSms, other.sms]) expect(await standing(id)).toBe('suppressed sms-opted-out');
    expect(await standing(one.email)).toBe('planned');
    for (const id of [one.renewalId, secondCase, other.renewalId]) {
      const events = ['message-suppressed sms-opted-out', 'consent-opted-out sms'];
      expect(await book.eventsOf(id)).toEqual(events);
    }
    expect((await customerOf(book, one.customerId)).smsOptedOutAt).not.toBeNull();
    expect(await wordsOf(book, one.customerId)).toEqual([
      'sms renewal-reminder opted-out sms',
      'sms service-notice opted-out sms',
    ]);
  });

  test('that is called in again has no second effect', async () => {
    const phone = aPhone();
    const { customerId, renewalId } = await aCustomer(phone);
    const id = await wrote(book, phone, 'STOP');

    await Promise.all(Array.from({ length: 5 }, () => wrote(book, phone, { id, body: 'STOP' })));

    expect(await wordsOf(book, customerId)).toHaveLength(2);
    expect(await book.eventsOf(renewalId)).toHaveLength(2);
  });

  test('lets nothing start that has not been claimed when it comes, while fifty messages are due', async () => {
    const phone = aPhone();
    const customerId = await book.addCustomer({ phone });
    const cases = await Promise.all(Array.from({ length: 50 }, () => book.addCase({ policy: { customerId } })));
    const planned = await Promise.all(cases.map((renewalId) => book.plan(renewalId)));

    const claims = cases.map((renewalId) => claim(renewalId));
    await wrote(book, phone, 'STOP');
    const wonBefore = (await Promise.all(claims)).filter(({ kind }) => kind === 'won').length;
    const afterwards = await Promise.all(cases.map((renewalId) => claim(renewalId)));

    const states = await Promise.all(planned.map(async (id) => (await book.findMessage(id)).state));
    expect(afterwards.filter(({ kind }) => kind === 'won')).toEqual([]);
    expect(states.filter((state) => state === 'planned')).toEqual([]);
    expect(wonBefore).toBeLessThanOrEqual(1);
  });

  test('between claim and send leaves the one attempt that is under way, which is not made a second time', async () => {
    const phone = aPhone();
    const customerId = await book.addCustomer({ phone });
    const renewalId = await book.addCase({ policy: { customerId } });
    const id = await book.plan(renewalId);
    const claimed = await claim(renewalId);

    await wrote(book, phone, 'STOP');
    if (claimed.kind === 'won') {
      const verdict = { kind: 'try-later', code: 'http-429', misconfigured: false } as const;
      await recordVerdict(book.db, { attempt: claimed.message, verdict }, calendar);
    }

    expect(await claim(renewalId)).toMatchObject({ kind: 'answered', outcome: { reason: 'sms-opted-out' } });
    expect(await standing(id)).toBe('suppressed sms-opted-out');
  });
});

describe('STOP from a number that a list has corrected since it was written to', () => {
  const was = {
    state: 'accepted',
    claimedAt: new Date(at('2027-03-15T10:00')),
    dueAt: new Date(at('2027-03-15T09:30')),
  };

  test('is kept, and stops SMS to the customer who was reached there and to whoever has it now', async () => {
    const [before, now] = [aPhone(), aPhone()];
    const { customerId, renewalId, sms } = await aCustomer(now);
    await book.plan(renewalId, { ...was, touch: 't-30', address: before });
    const neighbour = await aCustomer(before);

    const sid = await wrote(book, before, '退订');

    expect(await book.db.$count(inboundMessages, eq(inboundMessages.id, sid))).toBe(1);
    for (const id of [sms, neighbour.sms]) expect(await standing(id)).toBe('suppressed sms-opted-out');
    expect((await customerOf(book, customerId)).smsOptedOutAt).not.toBeNull();
    expect(await wordsOf(book, customerId)).toContain('sms renewal-reminder opted-out sms');
  });

  test.each([
    ['was never sent there', { state: 'not-accepted' }],
    ['was sent there before the number may have got another holder', { claimedAt: new Date(at('2026-12-01T10:00')) }],
  ])('leaves a customer alone whose message %s', async (_what, changed) => {
    const before = aPhone();
    const { customerId, renewalId } = await aCustomer(aPhone());
    await book.plan(renewalId, { ...was, touch: 't-30', address: before, ...changed });

    await wrote(book, before, '退订');

    expect((await customerOf(book, customerId)).smsOptedOutAt).toBeNull();
  });

  test('is not undone by a START from there', async () => {
    const before = aPhone();
    const { customerId, renewalId } = await aCustomer(aPhone());
    await book.plan(renewalId, { ...was, touch: 't-30', address: before });
    await wrote(book, before, 'STOP');

    await wrote(book, before, 'START');

    expect((await customerOf(book, customerId)).smsOptedOutAt).not.toBeNull();
  });
});

describe('START', () => {
  test('ends an opt-out of SMS and gives back what still lies ahead', async () => {
    const phone = aPhone();
    const { customerId, sms } = await aCustomer(phone);
    await wrote(book, phone, 'STOP');

    await wrote(book, phone, 'START');

    expect((await customerOf(book, customerId)).smsOptedOutAt).toBeNull();
    expect(await standing(sms)).toBe('planned');
    expect(await wordsOf(book, customerId)).toContain('sms renewal-reminder opted-in sms');
  });

  test('gives no consent to somebody who never gave one', async () => {
    const phone = aPhone();
    const customerId = await book.addCustomer({ phone, smsConsent: false });
    await wrote(book, phone, 'STOP');

    await wrote(book, phone, 'START');

    expect(await customerOf(book, customerId)).toMatchObject({ smsConsent: false, smsOptedOutAt: null });
  });
});

describe('A refusal of contact by SMS', () => {
  test('holds for six months, calls and all cases of the customer included, and for SMS without an end', async () => {
    const phone = aPhone();
    const { customerId, renewalId, sms, email } = await aCustomer(phone);
    const secondCase = await book.addCase({ policy: { customerId } });
    await aTask(renewalId, 'phone-attempt', 'agent');
    await aTask(secondCase, 'call-centre-case', 'call-centre');

    await wrote(book, phone, '不要再联系我');

    const { doNotContactUntil, smsOptedOutAt } = await customerOf(book, customerId);
    expect(calendar.dayOf(doNotContactUntil?.getTime() ?? 0)).toBe('2027-09-16');
    expect(smsOptedOutAt).not.toBeNull();
    for (const id of [sms, email]) expect(await standing(id)).toBe('suppressed refused-contact');
    const left = [...(await openTasksOf(book, renewalId)), ...(await openTasksOf(book, secondCase))];
    expect(left).toEqual(['do-not-contact-review']);
  });
});

describe('An answer that is no opt-out for certain', () => {
  test.each([
    ['Can you stop the automatic payment?'],
    ['please do not call before noon'],
    ['车已经卖了'],
    ['什么时候到期'],
    ['yes'],
  ])('such as %j goes to a person and stops nothing', async (body) => {
    const phone = aPhone();
    const { customerId, renewalId, sms } = await aCustomer(phone);

    await wrote(book, phone, body);

    expect(await openTasksOf(book, renewalId)).toEqual(['read-reply']);
    expect(await standing(sms)).toBe('planned');
    expect(await customerOf(book, customerId)).toMatchObject({ smsOptedOutAt: null, doNotContactUntil: null });
  });

  test('from a number that nobody has is kept and asks nobody', async () => {
    const before = await book.db.$count(tasks);

    const sid = await wrote(book, aPhone(), 'who is this?');

    expect(await book.db.$count(inboundMessages, eq(inboundMessages.id, sid))).toBe(1);
    expect(await book.db.$count(tasks)).toBe(before);
  });
});
