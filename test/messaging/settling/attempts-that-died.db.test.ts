import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attemptsOf } from '../../../src/db/messages/attempt-records.ts';
import { giveUpOldClaims } from '../../../src/db/messages/old-claims.ts';
import { messageAttempts } from '../../../src/db/schema/message-attempts.ts';
import { messages } from '../../../src/db/schema/messages.ts';
import { openMessageBook, type MessageBook } from '../message-book.ts';
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

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  await book.db.delete(messageAttempts).where(eq(messageAttempts.state, 'claimed'));
});
afterAll(() => book.close());

/** An attempt that nobody heard of again, and another one that its message took meanwhile. */
async function diedBesideAnother(): Promise<{ died: Attempt; other: Attempt }> {
  const died = await anAttempt(book);
  const { messageId } = died;
  await book.db.update(messages).set({ state: 'planned' }).where(eq(messages.id, messageId));
  return { died, other: { ...died, attemptId: await claimAgain(book, messageId) } };
}

async function grewOld({ attemptId, messageId }: Attempt, minutes: number): Promise<void> {
  const claimedAt = sql`business_now() - ${`${minutes} minutes`}::interval`;
  await book.db.update(messageAttempts).set({ claimedAt }).where(eq(messageAttempts.id, attemptId));
  const isItsOwn = sql`${messages.id} = ${messageId} and ${messages.attemptId} = ${attemptId}`;
  await book.db.update(messages).set({ claimedAt }).where(isItsOwn);
}

const attemptOf = async ({ messageId, attemptId }: Attempt) =>
  (await attemptsOf(book.db, messageId)).find(({ id }) => id === attemptId);

describe('An attempt that died while its message went on', () => {
  test('is given up by the sweep, counted, and changes nothing of its message', async () => {
    const { died, other } = await diedBesideAnother();
    await answerTo(book, other, accepted(other));
    await grewOld(died, 16);
    expect(await giveUpOldClaims(book.db, 100)).toBe(1);
    expect(await attemptOf(died)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
    expect(await book.findMessage(died.messageId)).toMatchObject({ state: 'accepted', attemptId: other.attemptId });
    expect(await giveUpOldClaims(book.db, 100)).toBe(0);
  });

  test('comes up when what is unknown is settled, and did not before', async () => {
    const { died, other } = await diedBesideAnother();
    await answerTo(book, other, accepted(other));
    await grewOld(died, 16);
    await settle(book, aProvider());
    expect(await attemptOf(died)).toMatchObject({ state: 'claimed', asks: 0 });
    await giveUpOldClaims(book.db, 100);
    await settle(book, aProvider());
    expect(await attemptOf(died)).toMatchObject({ state: 'unknown', asks: 1 });
  });

  test('still takes what its provider calls to tell', async () => {
    const { died, other } = await diedBesideAnother();
    await answerTo(book, other, accepted(other));
    await grewOld(died, 16);
    await giveUpOldClaims(book.db, 100);
    await callBack(book, died.attemptId, 'delivered');
    expect(await attemptOf(died)).toMatchObject({ delivery: 'delivered', settledBy: 'callback' });
  });

  test('is given up with the claim of its message when nobody heard of the other one either', async () => {
    const { died, other } = await diedBesideAnother();
    await answerTo(book, other, unknown);
    for (const attempt of [died, other]) await grewOld(attempt, 16);
    expect(await giveUpOldClaims(book.db, 100)).toBe(2);
    expect(await attemptStates(book, died.messageId)).toEqual(['unknown', 'unknown']);
    expect((await book.findMessage(died.messageId)).state).toBe('unknown');
  });
});

describe('The sweep leaves alone', () => {
  test('an attempt beside a message of which another one is under way, until that has ended', async () => {
    const { died, other } = await diedBesideAnother();
    await grewOld(died, 16);
    expect(await giveUpOldClaims(book.db, 100)).toBe(0);
    expect(await attemptStates(book, died.messageId)).toEqual(['claimed', 'claimed']);
    await answerTo(book, other, accepted(other));
    expect(await giveUpOldClaims(book.db, 100)).toBe(1);
    expect((await attemptOf(died))?.state).toBe('unknown');
  });

  test('an attempt that is not a quarter of an hour old', async () => {
    const { died, other } = await diedBesideAnother();
    await answerTo(book, other, accepted(other));
    await grewOld(died, 14);
    expect(await giveUpOldClaims(book.db, 100)).toBe(0);
  });

  test('what is beyond its limit for the next time', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const { died, other } = await diedBesideAnother();
      await answerTo(book, other, accepted(other));
      await grewOld(died, 16 + turn);
    }
    const swept = [await giveUpOldClaims(book.db, 2), await giveUpOldClaims(book.db, 2)];
    expect([...swept, await giveUpOldClaims(book.db, 2)]).toEqual([2, 1, 0]);
  });

  test('a message that is claimed to the rule of its own claim, which says so in the journal', async () => {
    const died = await anAttempt(book);
    await grewOld(died, 16);
    expect(await giveUpOldClaims(book.db, 100)).toBe(1);
    expect(await attemptOf(died)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
    expect(await book.eventsOf(died.renewalId)).toEqual(['message-unknown interrupted']);
  });
});
