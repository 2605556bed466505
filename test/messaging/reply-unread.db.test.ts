import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tasks } from '../../src/db/schema/tasks.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import { aPhone, customerOf, openTasksOf, wrote } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const notUnderstood = 'Your company crossed my mind today';
const nextWeek = { latestAt: new Date(at('2027-03-25T09:30')) };

async function claim(
  renewalId: string,
  { touch = 't-15', channel = 'sms' }: { touch?: string; channel?: Channel } = {},
) {
  const claimed = await claimMessage(book.db, { renewalId, touch, channel }, calendar);
  return claimed.kind === 'won' ? 'won' : claimed.outcome;
}

/** A customer who wrote what no rule understands, with a reminder that is due; the task to read it is due on the 17th at 18:00. */
async function anUnreadReply() {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const messageId = await book.plan(renewalId, nextWeek);
  await wrote(book, phone, notUnderstood);
  expect(await openTasksOf(book, renewalId)).toEqual(['read-reply']);
  return { customerId, renewalId, messageId };
}

async function heldUntil(messageId: string): Promise<string | undefined> {
  return (await book.findMessage(messageId)).heldUntil?.toISOString().slice(0, 16);
}

const waits = expect.objectContaining({ kind: 'waiting', reason: 'reply-unread' });

describe('While nobody has read what a customer answered', () => {
  test('no reminder goes, on no channel and in no case of the customer', async () => {
    const { customerId, renewalId } = await anUnreadReply();
    const other = await book.addCase({ policy: { customerId } });
    await book.plan(other, { ...nextWeek, channel: 'email' });
    expect(await claim(renewalId)).toEqual(waits);
    expect(await claim(other, { channel: 'email' })).toEqual(waits);
    expect(await book.eventsOf(renewalId)).toContain('message-held reply-unread');
  });

  test('a reminder is looked at again within the hour', async () => {
    const { renewalId, messageId } = await anUnreadReply();
    expect(await claim(renewalId)).toEqual(waits);
    expect(await heldUntil(messageId)).toBe('2027-03-16T05:00');
  });

  test('the confirmation of a renewal goes', async () => {
    const { renewalId, customerId } = await anUnreadReply();
    const renewed = await book.addCase({ policy: { customerId }, renewal: { outcome: 'renewed' } });
    await book.plan(renewed, { touch: 'renewal-confirmation', template: 'renewal-confirmation' });
    expect(await claim(renewed, { touch: 'renewal-confirmation' })).toBe('won');
    expect(await claim(renewalId)).toEqual(waits);
  });

  test('nobody else is written to under that number', async () => {
    const { customerId } = await anUnreadReply();
    const { phone } = await customerOf(book, customerId);
    const renewalId = await book.addCase({ customer: { phone } });
    await book.plan(renewalId);
    expect(await claim(renewalId)).toEqual(waits);
  });

  test('other customers are written to', async () => {
    await anUnreadReply();
    const renewalId = await book.addCase({ customer: { phone: aPhone() } });
    await book.plan(renewalId);
    expect(await claim(renewalId)).toBe('won');
  });
});

describe('A reminder goes at its next look', () => {
  test.each(['completed', 'dropped'])('once the task to read the answer is %s', async (state) => {
    const { renewalId } = await anUnreadReply();
    expect(await claim(renewalId)).toEqual(waits);
    await book.db.update(tasks).set({ state }).where(eq(tasks.renewalId, renewalId));
    expect(await claim(renewalId)).toBe('won');
  });

  test('one working day after the answer was to be read, whether anybody has read it or not', async () => {
    const { renewalId, messageId } = await anUnreadReply();
    await book.setTime('2027-03-18T17:30');
    expect(await claim(renewalId)).toEqual(waits);
    expect(await heldUntil(messageId)).toBe('2027-03-18T10:00');
    await book.setTime('2027-03-18T18:00');
    expect(await claim(renewalId)).toBe('won');
  });
});

test('A reminder whose day is over before its customer’s answer was read does not go late', async () => {
  const { renewalId, messageId } = await anUnreadReply();
  expect(await claim(renewalId)).toEqual(waits);
  await book.setTime('2027-03-25T10:00');
  expect(await claim(renewalId)).toEqual({ kind: 'expired', reason: 'day-has-passed' });
  expect((await book.findMessage(messageId)).state).toBe('expired');
});
