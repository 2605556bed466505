import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import {
  accepted,
  anAttempt,
  answerTo,
  aProvider,
  attemptStates,
  callBack,
  claimAgain,
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
type Way = { calls?: readonly [string, string?][]; list?: Says; times?: number };

/** Lets an attempt go through one way of settling. */
async function goThrough(attempt: Attempt, { calls = [], list, times = 1 }: Way): Promise<void> {
  for (const [status, errorCode] of calls) await callBack(book, attempt.attemptId, status, errorCode);
  for (let turn = 0; turn < times; turn += 1) await settle(book, aProvider(list, attempt));
}

const notFound: Says = { kind: 'not-found' };
const cannotTell: Says = { kind: 'cannot-tell', code: 'http-500' };
const found = (state: 'queued' | 'sent' | 'delivered'): Says => ({ kind: 'found', state });

describe('An SMS whose answer was lost', () => {
  test.each([
    ['reminder', 'a callback', reminder, { calls: [['sent']] }, 'accepted', 'callback'],
    ['reminder', 'a callback of its end', reminder, { calls: [['delivered']] }, 'delivered', 'callback'],
    ['reminder', 'a callback of a failure', reminder, { calls: [['undelivered', '30003']] }, 'undelivered', 'callback'],
    ['reminder', 'the list', reminder, { list: found('sent') }, 'accepted', 'list'],
    ['reminder', 'the list with its end', reminder, { list: found('delivered') }, 'delivered', 'list'],
    ['reminder', 'a list without it', reminder, { list: notFound }, 'not-accepted', 'list'],
    ['reminder', 'a list that never tells', reminder, { list: cannotTell, times: 3 }, 'unknown', 'class'],
    ['reminder', 'no list', reminder, {}, 'unknown', 'class'],
    ['service notice', 'a callback', notice, { calls: [['sent']] }, 'accepted', 'callback'],
    ['service notice', 'the list', notice, { list: found('queued') }, 'accepted', 'list'],
    ['service notice', 'a list without it', notice, { list: notFound }, 'planned', 'class'],
    ['service notice', 'a list that never tells', notice, { list: cannotTell, times: 3 }, 'planned', 'class'],
    ['service notice', 'no list', notice, {}, 'planned', 'class'],
    ['legal message', 'a callback', legal, { calls: [['sent']] }, 'accepted', 'callback'],
    ['legal message', 'the list', legal, { list: found('sent') }, 'accepted', 'list'],
    ['legal message', 'a list without it', legal, { list: notFound }, 'operator', 'class'],
    ['legal message', 'no list', legal, {}, 'operator', 'class'],
  ] as [string, string, typeof reminder, Way, string, string][])(
    'and that is a %s is settled by %s',
    async (_class, _way, message, way, state, settledBy) => {
      const attempt = await anAttempt(book, message);
      await answerTo(book, attempt, unknown);

      await goThrough(attempt, way);

      expect(await book.findMessage(attempt.messageId)).toMatchObject({ state, settledBy });
    },
  );

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

describe('A service notice of which nobody can tell', () => {
  test('gets one more attempt, flagged as such, and no third one', async () => {
    const first = await anAttempt(book, notice);
    await answerTo(book, first, unknown);

    const { settled, resent } = await settle(book, aProvider(undefined));
    const second = { ...first, attemptId: await claimAgain(book, first.messageId) };
    await answerTo(book, second, unknown);
    const after = await settle(book, aProvider(undefined));

    expect([settled.sentAgain, resent]).toEqual([1, expect.arrayContaining([first.messageId])]);
    expect(after.settled.left).toBeGreaterThanOrEqual(1);
    expect(await book.findMessage(first.messageId)).toMatchObject({ state: 'unknown', resends: 1, settledBy: 'class' });
  });

  test('is not sent again when the first attempt turns out to have been taken', async () => {
    const first = await anAttempt(book, notice);
    await answerTo(book, first, unknown);
    await settle(book, aProvider(undefined));

    await callBack(book, first.attemptId, 'delivered');

    expect(await book.findMessage(first.messageId)).toMatchObject({ state: 'delivered', settledBy: 'callback' });
    expect((await settle(book, aProvider(undefined))).resent).not.toContain(first.messageId);
  });

  test('stands as delivered when either attempt was, in whichever order the words come', async () => {
    const first = await anAttempt(book, notice);
    await answerTo(book, first, unknown);
    await settle(book, aProvider(undefined));
    const second = { ...first, attemptId: await claimAgain(book, first.messageId) };
    await answerTo(book, second, { kind: 'accepted', providerId: 'SM2', code: 'http-201' });

    await callBack(book, second.attemptId, 'undelivered', '30003');
    await callBack(book, first.attemptId, 'delivered');
    await callBack(book, second.attemptId, 'sent');

    expect((await book.findMessage(first.messageId)).state).toBe('delivered');
    expect(await attemptStates(book, first.messageId)).toEqual(['delivered', 'undelivered']);
  });
});
