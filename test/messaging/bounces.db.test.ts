import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { ProviderAnswer } from '../../src/messaging/provider-answer.ts';
import { readBounce } from '../../src/messaging/read-bounce.ts';
import { takeBounce } from '../../src/messaging/take-bounce.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { aReport } from './bounce-mails.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const taken: ProviderAnswer = { kind: 'smtp-reply', reply: 250, id: 'taken' };
let answering: ProviderAnswer = taken;
const port = { name: 'smtp', send: async () => answering };
const parts = () => ({ db: book.db, calendar, sms: [], email: port, reportMisconfigured: () => {} });
const send = (renewalId: string, touch = 't-15') =>
  createSendActivities(parts()).sendEmail({ renewalId, touch, stamp: '' });

type SentMail = { customerId: string; renewalId: string; messageId: string };

async function aSentMail(email: string, answer: ProviderAnswer = taken): Promise<SentMail> {
  const customerId = await book.addCustomer({ email });
  const renewalId = await book.addCase({ policy: { customerId } });
  const messageId = await book.plan(renewalId, { channel: 'email' });
  answering = answer;
  await send(renewalId);
  answering = taken;
  return { customerId, renewalId, messageId };
}

/** A touch of another policy of the customer, so many days later. */
async function sendLater(customerId: string, day: string) {
  const renewalId = await book.addCase({ policy: { customerId } });
  const due = { dueAt: new Date(at(`${day}T09:30`)), latestAt: new Date(at(`${day}T20:00`)) };
  const messageId = await book.plan(renewalId, { channel: 'email', ...due });
  await book.setTime(`${day}T12:00`);
  return { renewalId, messageId, answer: await send(renewalId) };
}

async function bounced(report: Parameters<typeof aReport>[0]) {
  const read = await readBounce(aReport(report));
  return read && takeBounce(book.db, read, calendar);
}

const fileChecks = (renewalId: string): Promise<number> =>
  book.db.$count(tasks, and(eq(tasks.renewalId, renewalId), eq(tasks.kind, 'file-check')));

describe('A mail that comes back', () => {
  test('for good suppresses its address in whatever letters, once, and asks for another one', async () => {
    const { customerId, renewalId, messageId } = await aSentMail('Wang.One@Example.com');
    const report = { returned: messageId, to: 'wang.one@example.com' };
    expect(await bounced(report)).toEqual({ messageId, code: '5.1.1' });
    expect(await bounced(report)).toEqual({ messageId, code: '5.1.1' });

    expect(await book.findMessage(messageId)).toMatchObject({ state: 'undelivered', errorCode: '5.1.1' });
    const events = await book.eventsOf(renewalId);
    expect(events.filter((event) => event === 'address-suppressed:email no-such-address')).toHaveLength(1);
    expect(events.filter((event) => event.startsWith('message-undelivered'))).toHaveLength(1);
    expect(await fileChecks(renewalId)).toBe(1);
    const { answer } = await sendLater(customerId, '2027-03-18');
    expect(answer).toMatchObject({ kind: 'suppressed', reason: 'address-suppressed' });
  });

  test('for this time is counted, and the third in a row suppresses', async () => {
    const { customerId, messageId } = await aSentMail('wang.two@example.com');
    await bounced({ returned: messageId, status: '4.2.2' });
    const second = await sendLater(customerId, '2027-03-20');
    await bounced({ returned: second.messageId, status: '5.2.2' });
    const third = await sendLater(customerId, '2027-03-24');
    expect(third.answer.kind).toBe('accepted');
    await bounced({ returned: third.messageId, status: '4.4.7' });

    expect(await book.eventsOf(third.renewalId)).toContain('address-suppressed:email unreachable');
    expect((await sendLater(customerId, '2027-03-28')).answer).toMatchObject({ reason: 'address-suppressed' });
  });

  test('by policy is not delivered, and the address stays good', async () => {
    const { customerId, messageId } = await aSentMail('wang.three@example.com');
    await bounced({ returned: messageId, status: '5.7.1' });
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'undelivered', errorCode: '5.7.1' });
    expect((await sendLater(customerId, '2027-03-18')).answer.kind).toBe('accepted');
  });

  test('and is only late changes nothing', async () => {
    const { messageId } = await aSentMail('wang.four@example.com');
    expect(await bounced({ returned: messageId, action: 'delayed', status: '4.4.1' })).toBeUndefined();
    expect((await book.findMessage(messageId)).state).toBe('accepted');
  });
});

describe('A report that names none of our messages', () => {
  test('is about the last mail to its recipient, and proves too little to suppress by itself', async () => {
    const { customerId, messageId } = await aSentMail('wang.five@example.com');
    expect(await bounced({ to: 'WANG.five@example.com' })).toEqual({ messageId, code: 'unproved/5.1.1' });
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'accepted', errorCode: 'unproved/5.1.1' });
    expect((await sendLater(customerId, '2027-03-18')).answer.kind).toBe('accepted');
  });

  test('counts once for its mail, and with two proved ones suppresses', async () => {
    const { customerId, messageId } = await aSentMail('wang.six@example.com');
    for (const _ of [1, 2, 3]) await bounced({ to: 'wang.six@example.com' });
    expect(await book.eventsOf((await book.findMessage(messageId)).renewalId)).toEqual(
      expect.arrayContaining(['message-returned unproved']),
    );
    const second = await sendLater(customerId, '2027-03-20');
    await bounced({ returned: second.messageId, status: '4.2.2' });
    const third = await sendLater(customerId, '2027-03-24');
    expect(third.answer.kind).toBe('accepted');
    await bounced({ returned: third.messageId, status: '4.2.2' });
    expect(await book.eventsOf(third.renewalId)).toContain('address-suppressed:email unreachable');
  });

  test.each([
    ['unknown', { kind: 'no-answer', code: 'timeout' }],
    ['not-accepted', { kind: 'smtp-reply', reply: 554, id: null }],
  ])('changes nothing of a mail that is %s', async (state, answer) => {
    const email = `wang.${state}@example.com`;
    const { renewalId, messageId } = await aSentMail(email, answer as ProviderAnswer);
    const before = await book.findMessage(messageId);
    expect(before.state).toBe(state);

    expect(await bounced({ to: email })).toBeUndefined();

    expect(await book.findMessage(messageId)).toEqual(before);
    expect((await book.eventsOf(renewalId)).filter((event) => event.startsWith('message-returned'))).toEqual([]);
  });

  test('leaves it to the one that names the mail to say that it did not arrive', async () => {
    const { messageId } = await aSentMail('wang.seven@example.com');
    await bounced({ to: 'wang.seven@example.com' });
    await bounced({ returned: messageId });
    await bounced({ to: 'wang.seven@example.com' });
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'undelivered', errorCode: '5.1.1' });
  });

  test.each([
    ['to whom we never wrote', { to: 'stranger@example.com' }],
    ['whose message is none of ours', { to: 'wang.five@example.com', returned: crypto.randomUUID() }],
  ])('and a recipient %s, is about nothing', async (_who, report) => {
    expect(await bounced(report)).toBeUndefined();
  });
});
