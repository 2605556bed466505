import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

async function claim(renewalId: string, touch = 't-15') {
  const claimed = await claimMessage(book.db, { renewalId, touch, channel: 'sms' }, calendar);
  return claimed.kind === 'won' ? 'won' : claimed.outcome;
}

async function record(renewalId: string, result: string, state = 'received'): Promise<void> {
  const written = { id: crypto.randomUUID(), renewalId, kind: 'contact', state, result, recordedBy: 'A1' };
  await book.db.insert(contactResults).values({ ...written, recordedAt: new Date(at('2027-03-16T11:59')) });
}

const waits = expect.objectContaining({ kind: 'waiting', reason: 'news-not-taken' });

describe('A reminder waits for its case to take', () => {
  test('the renewal that a list or the core system reported', async () => {
    const renewalId = await book.addCase({ policy: { renewedAs: 'N-1' } });
    const messageId = await book.plan(renewalId);
    expect(await claim(renewalId)).toEqual(waits);
    expect((await book.findMessage(messageId)).state).toBe('planned');
  });

  test('a cancellation whose day has come', async () => {
    const renewalId = await book.addCase({ policy: { cancelledOn: '2027-03-16' } });
    await book.plan(renewalId);
    expect(await claim(renewalId)).toEqual(waits);
  });

  test.each(['renewed', 'not-renewable', 'refused-contact'])('a result that somebody recorded: %s', async (result) => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    await record(renewalId, result);
    expect(await claim(renewalId)).toEqual(waits);
    await book.db.update(contactResults).set({ state: 'refused' }).where(eq(contactResults.renewalId, renewalId));
    expect(await claim(renewalId), 'once the case would not have it').toBe('won');
  });

  test('a refusal of contact in another case of the customer', async () => {
    const customerId = await book.addCustomer();
    const renewalId = await book.addCase({ policy: { customerId } });
    await book.plan(renewalId);
    await record(await book.addCase({ policy: { customerId } }), 'refused-contact');
    expect(await claim(renewalId)).toEqual(waits);
  });
});

describe('A message goes all the same', () => {
  test('when it confirms the renewal that was reported', async () => {
    const renewalId = await book.addCase({ policy: { renewedAs: 'N-1' }, renewal: { outcome: 'renewed' } });
    await book.plan(renewalId, { touch: 'renewal-confirmation', template: 'renewal-confirmation' });
    expect(await claim(renewalId, 'renewal-confirmation')).toBe('won');
  });

  test.each([
    ['another case of the customer renews', 'renewed'],
    ['another customer refused contact', 'refused-contact'],
  ])('when %s', async (_when, result) => {
    const customerId = await book.addCustomer();
    const renewalId = await book.addCase({ policy: { customerId } });
    await book.plan(renewalId);
    await record(await book.addCase(result === 'renewed' ? { policy: { customerId } } : {}), result);
    expect(await claim(renewalId)).toBe('won');
  });

  test('when its policy is to be cancelled on a later day', async () => {
    const renewalId = await book.addCase({ policy: { cancelledOn: '2027-03-17' } });
    await book.plan(renewalId);
    expect(await claim(renewalId)).toBe('won');
  });
});
