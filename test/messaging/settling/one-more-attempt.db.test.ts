import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messages } from '../../../src/db/schema/messages.ts';
import { renewals } from '../../../src/db/schema/renewals.ts';
import { claimMessage } from '../../../src/messaging/claim.ts';
import { calendar, openMessageBook, type MessageBook } from '../message-book.ts';
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

  test('is not claimed by the errand of another order, and the claim arms no timers of its case', async () => {
    const first = await anAttempt(book, notice);
    await answerTo(book, first, unknown);
    await settle(book, aProvider());
    const { renewalId, messageId } = first;
    await book.db.update(messages).set({ resends: 2 }).where(eq(messages.id, messageId));

    const key = { renewalId, touch: notice.touch, channel: 'sms' as const };
    const claim = await claimMessage(book.db, { ...key, resend: 1 }, calendar);

    expect(claim).toMatchObject({ kind: 'answered', outcome: { kind: 'already' } });
    expect((await book.findMessage(messageId)).state).toBe('planned');
    const [row] = await book.db.select().from(renewals).where(eq(renewals.id, renewalId));
    expect(row?.armedPlanVersion).toBe(0);
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
