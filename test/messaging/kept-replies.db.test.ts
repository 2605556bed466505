import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inboundMessages } from '../../src/db/schema/consents.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { aPhone, customerOf, openTasksOf, wordsOf, wrote } from './an-inbound.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { aProvider, settle } from './settling/given-attempts.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

/** With this calendar everything fails that acts on a reply. */
const broken = new Proxy(calendar, {
  get: () => {
    throw new Error('the books are out of order');
  },
});

let turn = 0;

/** A customer whose answer came in and could not be acted on. */
async function anAnswerLeftOver(body: string) {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone, smsOptedOutAt: body === 'START' ? new Date(0) : null });
  const renewalId = await book.addCase({ policy: { customerId } });
  const id = `SM-left-${(turn += 1)}`;
  await book.plan(renewalId);
  await takeReply(book.db, { id, provider: 'twilio', sender: phone, recipient: '+15005550006', body }, broken);
  return { phone, customerId, renewalId, id };
}

const appliedAt = async (id: string) => {
  const [row] = await book.db.select().from(inboundMessages).where(eq(inboundMessages.id, id));
  return row?.appliedAt;
};

describe('A reply that could not be acted on when it came', () => {
  test('is kept, and acted on by the next settling, once', async () => {
    const { customerId, renewalId, id } = await anAnswerLeftOver('什么时候到期');
    expect(await appliedAt(id)).toBeNull();
    expect(await openTasksOf(book, renewalId)).toEqual([]);

    await book.setTime('2027-03-16T12:10');
    for (const _ of [1, 2]) await settle(book, aProvider());

    expect(await appliedAt(id)).toBeInstanceOf(Date);
    expect(await openTasksOf(book, renewalId)).toEqual(['read-reply']);
    expect((await customerOf(book, customerId)).smsOptedOutAt).toBeNull();
  });

  test('is acted on when it is called in again', async () => {
    const { phone, customerId, id } = await anAnswerLeftOver('STOP');

    for (const _ of [1, 2]) await wrote(book, phone, { id, body: 'STOP' });

    expect(await wordsOf(book, customerId)).toHaveLength(2);
  });

  test('does not undo what its number wrote afterwards', async () => {
    const { phone, customerId, renewalId } = await anAnswerLeftOver('START');
    await book.setTime('2027-03-16T12:05');
    await wrote(book, phone, 'STOP');

    await book.setTime('2027-03-16T12:10');
    await settle(book, aProvider());

    expect((await customerOf(book, customerId)).smsOptedOutAt).not.toBeNull();
    expect(await openTasksOf(book, renewalId)).toEqual(['read-reply']);
  });
});
