import { desc, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { settleMessage } from '../../../src/db/messages/settle-message.ts';
import { journal } from '../../../src/db/schema/journal.ts';
import { messageAttempts } from '../../../src/db/schema/message-attempts.ts';
import { calendar, openMessageBook, type MessageBook } from '../message-book.ts';
import {
  accepted,
  anAttempt,
  answerTo,
  aProvider,
  attemptStates,
  callBack,
  claimAgain,
  settle,
  unknown,
  type Attempt,
} from './given-attempts.ts';

const notice = { template: 'renewal-confirmation', touch: 'renewal-confirmation' };

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

async function sayNotSent({ messageId }: Attempt): Promise<void> {
  const said = {
    id: uuidv7(),
    messageId,
    as: 'not-sent',
    providerId: undefined,
    note: undefined,
    by: 'admin',
  } as const;
  await book.db.transaction((tx) => settleMessage(tx, said, calendar));
}

async function aMessageSaidNotSent(): Promise<Attempt> {
  const attempt = await anAttempt(book);
  await answerTo(book, attempt, unknown);
  await sayNotSent(attempt);
  return attempt;
}

async function lastInputs({ renewalId }: Attempt): Promise<unknown> {
  const entries = book.db.select().from(journal).where(eq(journal.chain, renewalId));
  return (await entries.orderBy(desc(journal.sequence)).limit(1))[0]?.inputs;
}

describe('A message of which an operator said that it was not sent', () => {
  test.each(['queued', 'sending', 'sent', 'undelivered 30003'])(
    'stays so when its provider says %s, which is kept and shown',
    async (word) => {
      const attempt = await aMessageSaidNotSent();
      const before = await book.eventsOf(attempt.renewalId);

      await callBack(book, attempt.attemptId, word);

      const [providerStatus] = word.split(' ');
      const stands = { state: 'not-accepted', settledBy: 'operator', reason: 'settled-as-not-sent', providerStatus };
      expect(await book.findMessage(attempt.messageId)).toMatchObject(stands);
      const messageEvents = (await book.eventsOf(attempt.renewalId)).filter((event) => event.startsWith('message-'));
      expect(messageEvents).toEqual(before);
    },
  );

  test.each([
    ['sent', 'delivered', 'undelivered'],
    ['undelivered', 'queued', 'delivered'],
  ])(
    'was delivered when its provider says so, among %s, %s and %s, and the journal says whom it overrules',
    async (...words) => {
      const attempt = await aMessageSaidNotSent();

      for (const word of words) await callBack(book, attempt.attemptId, word);

      const stands = { state: 'delivered', settledBy: 'callback', reason: null };
      expect(await book.findMessage(attempt.messageId)).toMatchObject(stands);
      expect(await lastInputs(attempt)).toMatchObject({ overrules: 'operator', was: 'not-accepted' });
    },
  );

  test('was taken when the answer to its attempt comes after all', async () => {
    const attempt = await anAttempt(book);
    await answerTo(book, attempt, unknown);
    await sayNotSent(attempt);

    await answerTo(book, attempt, accepted(attempt));

    expect((await book.findMessage(attempt.messageId)).state).toBe('accepted');
    expect(await lastInputs(attempt)).toMatchObject({ overrules: 'operator' });
  });

  test('is not unknown again when its older attempt is asked about in vain', async () => {
    const first = await anAttempt(book, notice);
    await answerTo(book, first, unknown);
    await settle(book, aProvider());
    const second = { ...first, attemptId: await claimAgain(book, first.messageId) };
    await answerTo(book, second, unknown);
    await sayNotSent(second);
    await book.db
      .update(messageAttempts)
      .set({ askAt: new Date(0), asks: 3 })
      .where(eq(messageAttempts.id, first.attemptId));

    await settle(book, aProvider());

    expect(await book.findMessage(first.messageId)).toMatchObject({ state: 'not-accepted', settledBy: 'operator' });
    expect(await attemptStates(book, first.messageId)).toEqual(['unknown', 'not-accepted']);
  });
});
