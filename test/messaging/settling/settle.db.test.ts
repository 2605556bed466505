import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import {
  accepted,
  anAttempt,
  answerTo,
  aProvider,
  callBack,
  lastEntry,
  sidOf,
  settle,
  unknown,
  type Attempt,
} from './given-attempts.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const reminder = { template: 'expiry-near', touch: 't-15' };
const notice = { template: 'renewal-confirmation', touch: 'renewal-confirmation' };
const legal = { template: 'legal-cover-ends', touch: 'cover-ends' };

type Says = Parameters<typeof aProvider>[0];
type Way = { calls?: readonly string[]; list?: Says; times?: number };

/** Lets an attempt go through one way of settling. */
async function goThrough(attempt: Attempt, { calls = [], list, times = 1 }: Way): Promise<void> {
  for (const word of calls) await callBack(book, attempt.attemptId, word);
  for (let turn = 0; turn < times; turn += 1) await settle(book, aProvider(list, attempt));
}

const notFound: Says = { kind: 'not-found' };
const cannotTell: Says = { kind: 'cannot-tell', code: 'http-500' };
const found = (state: 'queued' | 'sent' | 'delivered'): Says => ({ kind: 'found', state });

type Settled = { kind: string; by: string; message: typeof reminder; way: Way; ends: string; settledBy: string };

describe('An SMS whose answer was lost', () => {
  test.each<Settled>([
    {
      kind: 'reminder',
      by: 'a callback',
      message: reminder,
      way: { calls: ['sent'] },
      ends: 'accepted',
      settledBy: 'callback',
    },
    {
      kind: 'reminder',
      by: 'a callback of its end',
      message: reminder,
      way: { calls: ['delivered'] },
      ends: 'delivered',
      settledBy: 'callback',
    },
    {
      kind: 'reminder',
      by: 'a callback of a failure',
      message: reminder,
      way: { calls: ['undelivered 30003'] },
      ends: 'undelivered',
      settledBy: 'callback',
    },
    {
      kind: 'reminder',
      by: 'the list',
      message: reminder,
      way: { list: found('sent') },
      ends: 'accepted',
      settledBy: 'list',
    },
    {
      kind: 'reminder',
      by: 'the list with its end',
      message: reminder,
      way: { list: found('delivered') },
      ends: 'delivered',
      settledBy: 'list',
    },
    {
      kind: 'reminder',
      by: 'a list without it',
      message: reminder,
      way: { list: notFound },
      ends: 'not-accepted',
      settledBy: 'list',
    },
    {
      kind: 'reminder',
      by: 'a list that never tells',
      message: reminder,
      way: { list: cannotTell, times: 3 },
      ends: 'unknown',
      settledBy: 'class',
    },
    { kind: 'reminder', by: 'no list', message: reminder, way: {}, ends: 'unknown', settledBy: 'class' },
    {
      kind: 'service notice',
      by: 'a callback',
      message: notice,
      way: { calls: ['sent'] },
      ends: 'accepted',
      settledBy: 'callback',
    },
    {
      kind: 'service notice',
      by: 'the list',
      message: notice,
      way: { list: found('queued') },
      ends: 'accepted',
      settledBy: 'list',
    },
    {
      kind: 'service notice',
      by: 'a list without it',
      message: notice,
      way: { list: notFound },
      ends: 'planned',
      settledBy: 'class',
    },
    {
      kind: 'service notice',
      by: 'a list that never tells',
      message: notice,
      way: { list: cannotTell, times: 3 },
      ends: 'planned',
      settledBy: 'class',
    },
    { kind: 'service notice', by: 'no list', message: notice, way: {}, ends: 'planned', settledBy: 'class' },
    {
      kind: 'legal message',
      by: 'a callback',
      message: legal,
      way: { calls: ['sent'] },
      ends: 'accepted',
      settledBy: 'callback',
    },
    {
      kind: 'legal message',
      by: 'the list',
      message: legal,
      way: { list: found('sent') },
      ends: 'accepted',
      settledBy: 'list',
    },
    {
      kind: 'legal message',
      by: 'a list without it',
      message: legal,
      way: { list: notFound },
      ends: 'operator',
      settledBy: 'class',
    },
    { kind: 'legal message', by: 'no list', message: legal, way: {}, ends: 'operator', settledBy: 'class' },
  ])('and that is a $kind is settled by $by: $ends', async ({ message, way, ends, settledBy }) => {
    const attempt = await anAttempt(book, message);
    await answerTo(book, attempt, unknown);

    await goThrough(attempt, way);

    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: ends, settledBy });
  });

  test('waits for the settling time before anybody asks', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, unknown);
    const provider = aProvider(notFound, attempt);

    await settle(book, provider, 600_000);

    expect([provider.times, (await book.findMessage(attempt.messageId)).state]).toEqual([0, 'unknown']);
  });

  test('is asked about three times before its class decides, while the list cannot tell', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, unknown);
    const provider = aProvider(cannotTell, attempt);

    for (let turn = 0; turn < 5; turn += 1) await settle(book, provider);

    expect(provider.times).toBe(3);
    expect(await lastEntry(book, attempt.renewalId)).toBe('message-settled reminder');
  });

  test('is never taken for a message that is known as another attempt', async () => {
    const first = await anAttempt(book);
    await answerTo(book, first, accepted(first));
    const second = await anAttempt(book);
    await answerTo(book, second, unknown);

    const providerId = sidOf(first.attemptId);
    await settle(book, aProvider({ kind: 'found', state: 'delivered', providerId }, second));

    expect((await book.findMessage(second.messageId)).state).toBe('unknown');
  });
});

describe('An e-mail whose answer was lost', () => {
  test.each([
    ['reminder', reminder, 'unknown'],
    ['service notice', notice, 'planned'],
    ['legal message', legal, 'operator'],
  ])('has no list: a %s is settled by its class', async (_class, message, state) => {
    const attempt = await anAttempt(book, { ...message, channel: 'email' });
    await answerTo(book, attempt, unknown);
    const provider = aProvider(notFound, attempt);

    await settle(book, provider);

    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state, settledBy: 'class' });
  });
});
