import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { liftSuppression } from '../../src/db/customers/lift-suppression.ts';
import { isSuppressed, suppressAddress } from '../../src/db/customers/suppressed-records.ts';
import { suppressedAddresses } from '../../src/db/schema/suppressed-addresses.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { aPhone } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { anAttempt, callBack } from './settling/given-attempts.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

/** A number that a message of a case did not reach. */
async function aSuppressedNumber() {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const messageId = await book.plan(renewalId, { touch: 't-30', state: 'undelivered' });
  const facts = { channel: 'sms', address: phone, customerId: null, reason: 'unreachable', messageId } as const;
  const id = (await suppressAddress(book.db, facts)) ?? '';
  return { phone, customerId, renewalId, facts, id };
}

const lift = (suppressionId: string, id = uuidv7()) =>
  book.db.transaction((tx) => liftSuppression(tx, { id, suppressionId, reason: '王芳 answered', by: 'admin' }));
const isNow = ({ phone, customerId }: { phone: string; customerId: string }): Promise<boolean> =>
  isSuppressed(book.db, { channel: 'sms', address: phone, customerId });

test('A lifted address is written to again, and the journal of its case says who lifted it, in codes', async () => {
  const one = await aSuppressedNumber();
  await book.plan(one.renewalId);

  const request = uuidv7();
  for (const _ of [1, 2]) expect(await lift(one.id, request)).toEqual({ kind: 'lifted' });

  const claim = await claimMessage(book.db, { renewalId: one.renewalId, touch: 't-15', channel: 'sms' }, calendar);
  expect(claim.kind).toBe('won');
  const events = await book.eventsOf(one.renewalId);
  expect(events.filter((event) => event === 'suppression-lifted:sms asked-by-person')).toHaveLength(1);
  expect(await lift(one.id)).toEqual({ kind: 'lifted-before' });
});

test('A lifted address that fails for good is suppressed anew, as one that nobody lifted', async () => {
  const one = await aSuppressedNumber();
  await lift(one.id);

  const id = await suppressAddress(book.db, { ...one.facts, reason: 'no-such-address' });

  expect(id).not.toBe(one.id);
  expect(await isNow(one)).toBe(true);
  const [row, ...others] = await book.db
    .select()
    .from(suppressedAddresses)
    .where(eq(suppressedAddresses.address, one.phone));
  expect(others).toEqual([]);
  expect(row).toMatchObject({ id, reason: 'no-such-address', liftedAt: null, liftReason: null });
});

test('A number that its holder denied is lifted for that customer, in the journal of their case', async () => {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const facts = { channel: 'sms', address: phone, customerId, reason: 'wrong-number' } as const;
  const id = (await suppressAddress(book.db, facts)) ?? '';

  await lift(id);

  expect(await isNow({ phone, customerId })).toBe(false);
  expect(await book.eventsOf(renewalId)).toEqual(['suppression-lifted:sms asked-by-person']);
});

test('What failed before an address was lifted is not counted again', async () => {
  const phone = '+8613800000001';
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const failed = { state: 'undelivered', errorCode: '30003', address: phone };
  for (const day of ['01', '08']) {
    const claimedAt = new Date(at(`2027-03-${day}T10:00`));
    await book.plan(renewalId, { touch: `t-${day}`, ...failed, claimedAt });
  }
  await book.setTime('2027-03-10T12:00');
  const facts = { channel: 'sms', address: phone, customerId: null, reason: 'unreachable' } as const;
  await lift((await suppressAddress(book.db, { ...facts, messageId: (await anAttempt(book)).messageId })) ?? '');
  await book.setTime('2027-03-16T12:00');
  const attempt = await anAttempt(book, {}, renewalId);

  await callBack(book, attempt.attemptId, 'undelivered 30003');

  expect(await isNow({ phone, customerId })).toBe(false);
});
