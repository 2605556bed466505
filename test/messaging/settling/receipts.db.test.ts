import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeReceipt } from '../../../src/db/messages/attempt-records.ts';
import { takeOpenAttempts } from '../../../src/db/messages/open-attempts.ts';
import { customers } from '../../../src/db/schema/customers.ts';
import { messageAttempts, messageReceipts } from '../../../src/db/schema/message-attempts.ts';
import { messages } from '../../../src/db/schema/messages.ts';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import {
  accepted,
  anAttempt,
  answerTo,
  aProvider,
  callBack,
  claimAgain,
  settle,
  sidOf,
  unknown,
  type Attempt,
} from './given-attempts.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const stateOf = async ({ messageId }: Attempt): Promise<string> => (await book.findMessage(messageId)).state;

describe('A callback that is quicker than the answer', () => {
  test('settles the attempt, and the answer adds nothing', async () => {
    const attempt = await anAttempt(book);
    await callBack(book, attempt.attemptId, 'sent');

    const outcome = await answerTo(book, attempt, accepted(attempt));

    expect(outcome).toEqual({ kind: 'accepted' });
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'accepted', settledBy: 'callback' });
    expect(await book.eventsOf(attempt.renewalId)).toEqual(['message-accepted callback']);
  });

  test.each([
    ['lost', unknown],
    ['a refusal for now', { kind: 'try-later', code: 'http-429', misconfigured: false }],
  ] as const)(
    'holds, though the answer is %s: the case hears accepted and nothing is sent again',
    async (_what, verdict) => {
      const attempt = await anAttempt(book);
      await callBack(book, attempt.attemptId, 'queued');

      expect(await answerTo(book, attempt, verdict)).toEqual({ kind: 'accepted' });
      expect(await stateOf(attempt)).toBe('accepted');
    },
  );

  test('settles an attempt whose process died', async () => {
    const attempt = await anAttempt(book);

    await callBack(book, attempt.attemptId, 'delivered');

    expect(await book.findMessage(attempt.messageId)).toMatchObject({
      state: 'delivered',
      providerId: sidOf(attempt.attemptId),
    });
  });
});

describe('Callbacks of an accepted message', () => {
  test('in any order and doubled leave it delivered, with one entry a change', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));

    for (const status of ['sent', 'delivered', 'queued', 'delivered', 'sending', 'sent'])
      await callBack(book, attempt.attemptId, status);

    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'delivered', settledBy: 'answer' });
    expect(await book.eventsOf(attempt.renewalId)).toEqual(['message-accepted accepted', 'message-delivered callback']);
    const kept = await book.db.$count(messageReceipts, eq(messageReceipts.attemptId, attempt.attemptId));
    expect(kept).toBe(4);
  });

  test('at the same instant wait for each other', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));

    const said = ['sent', 'undelivered', 'delivered', 'delivered', 'sending', 'queued', 'sent', 'delivered'];
    await Promise.all(said.map((status) => callBack(book, attempt.attemptId, status)));

    expect(await stateOf(attempt)).toBe('delivered');
  });

  test('of a failure leave it undelivered with the code of the provider', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));

    await callBack(book, attempt.attemptId, 'failed 30007');

    expect(await book.findMessage(attempt.messageId)).toMatchObject({
      state: 'undelivered',
      reason: 'failed',
      errorCode: '30007',
      providerStatus: 'failed',
    });
  });

  test('with 21610 take the customer off the list for SMS', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));

    await callBack(book, attempt.attemptId, 'undelivered 21610');

    const { customerId } = await book.findMessage(attempt.messageId);
    const [customer] = await book.db.select().from(customers).where(eq(customers.id, customerId));
    expect(customer?.smsOptedOutAt).not.toBeNull();
  });

  test('with a word that nobody knows are kept and change nothing', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));

    await callBack(book, attempt.attemptId, 'teleported');

    expect(await stateOf(attempt)).toBe('accepted');
  });
});

describe('A message that an operator decided about', () => {
  test.each(['operator', 'suppressed', 'not-accepted', 'planned'])(
    'and that is %s is delivered when its provider says so',
    async (state) => {
      const attempt = await anAttempt(book);
      await answerTo(book, attempt, unknown);
      await book.db.update(messages).set({ state, settledBy: 'operator' }).where(eq(messages.id, attempt.messageId));

      await callBack(book, attempt.attemptId, 'delivered');

      expect(await stateOf(attempt)).toBe('delivered');
    },
  );

  test('stays planned when the older attempt provably failed', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, unknown);
    await book.db.update(messages).set({ state: 'planned', resends: 1 }).where(eq(messages.id, attempt.messageId));

    await callBack(book, attempt.attemptId, 'undelivered 30003');

    expect(await stateOf(attempt)).toBe('planned');
    await claimAgain(book, attempt.messageId);
    expect(await stateOf(attempt)).toBe('claimed');
  });
});

describe('The settling', () => {
  test('applies receipts that were stored and never applied', async () => {
    const attempt = await anAttempt(book);
    const told = { attemptId: attempt.attemptId, providerId: sidOf(attempt.attemptId), status: 'delivered' };
    const { id } = await storeReceipt(book.db, { ...told, errorCode: '' });
    const longAgo = sql`clock_timestamp() - interval '1 minute'`;
    await book.db.update(messageReceipts).set({ receivedAt: longAgo }).where(eq(messageReceipts.id, id));

    const { settled } = await settle(book, aProvider());

    expect([settled.receipts, await stateOf(attempt)]).toEqual([1, 'delivered']);
  });

  test('asks how far a message is that nobody called back about, and stops at its end', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));
    const provider = aProvider({ kind: 'found', state: 'undelivered', errorCode: '30005' }, attempt);

    await settle(book, provider);
    await settle(book, provider);

    expect(provider.times).toBe(1);
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'undelivered', errorCode: '30005' });
  });

  test('gives up a message that stays on its way after six questions', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, accepted(attempt));
    const provider = aProvider({ kind: 'found', state: 'sent' }, attempt);

    for (let turn = 0; turn < 8; turn += 1) await settle(book, provider);

    expect([provider.times, await stateOf(attempt)]).toEqual([6, 'accepted']);
  });

  test('asks once about an attempt, however many workers settle', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, unknown);
    const waits = { first: { unknown: 0, accepted: 0 }, next: () => 60_000 };

    const taken = await Promise.all([1, 2, 3, 4].map(() => takeOpenAttempts(book.db, waits, 500)));

    expect(taken.flat().filter((one) => one.attempt.id === attempt.attemptId)).toHaveLength(1);
    await book.db.update(messageAttempts).set({ askAt: null }).where(eq(messageAttempts.id, attempt.attemptId));
  });
});
