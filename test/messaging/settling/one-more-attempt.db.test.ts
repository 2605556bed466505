import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import {
  anAttempt,
  answerTo,
  aProvider,
  attemptStates,
  callBack,
  claimAgain,
  settle,
  unknown,
} from './given-attempts.ts';

const notice = { template: 'renewal-confirmation', touch: 'renewal-confirmation' };

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

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

    await callBack(book, second.attemptId, 'undelivered 30003');
    await callBack(book, first.attemptId, 'delivered');
    await callBack(book, second.attemptId, 'sent');

    expect((await book.findMessage(first.messageId)).state).toBe('delivered');
    expect(await attemptStates(book, first.messageId)).toEqual(['delivered', 'undelivered']);
  });
});
