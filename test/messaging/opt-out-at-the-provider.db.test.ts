import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimMessage } from '../../src/messaging/claim.ts';
import { recordVerdict } from '../../src/messaging/record-verdict.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { aPhone, customerOf, wordsOf } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const claim = (renewalId: string) => claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);

test('A number that opted out at the provider is on our own list, with its source, and gets no SMS in any case', async () => {
  const customerId = await book.addCustomer({ phone: aPhone() });
  const [refusedCase, otherCase] = [
    await book.addCase({ policy: { customerId } }),
    await book.addCase({ policy: { customerId } }),
  ];
  for (const renewalId of [refusedCase, otherCase]) await book.plan(renewalId);
  const claimed = await claim(refusedCase);
  const verdict = judge({ kind: 'http-answer', status: 400, code: 21610 });

  if (claimed.kind === 'won') {
    for (const _ of [1, 2]) await recordVerdict(book.db, { attempt: claimed.message, verdict }, calendar);
  }

  expect((await customerOf(book, customerId)).smsOptedOutAt).not.toBeNull();
  expect(await wordsOf(book, customerId)).toEqual([
    'sms renewal-reminder opted-out provider',
    'sms service-notice opted-out provider',
  ]);
  expect(await book.eventsOf(refusedCase)).toContain('consent-opted-out provider');
  expect(await claim(otherCase)).toMatchObject({ kind: 'answered', outcome: { reason: 'sms-opted-out' } });
});

test('What is planned to everybody with that number stops with it, and to nobody who has another one', async () => {
  const phone = aPhone();
  const [customerId, housemate] = [await book.addCustomer({ phone }), await book.addCustomer({ phone })];
  const stranger = await book.addCustomer({ phone: aPhone() });
  const refusedCase = await book.addCase({ policy: { customerId } });
  await book.plan(refusedCase);
  const claimed = await claim(refusedCase);
  const ahead = { dueAt: new Date(at('2027-03-18T09:30')), latestAt: new Date(at('2027-03-19T09:30')) };
  const planned = async (holder: string) =>
    book.plan(await book.addCase({ policy: { customerId: holder } }), { ...ahead, touch: 't-7' });
  const [own, theirs, others] = [await planned(customerId), await planned(housemate), await planned(stranger)];
  const verdict = judge({ kind: 'http-answer', status: 400, code: 21610 });

  if (claimed.kind === 'won') await recordVerdict(book.db, { attempt: claimed.message, verdict }, calendar);

  expect((await customerOf(book, housemate)).smsOptedOutAt).not.toBeNull();
  expect(await wordsOf(book, housemate)).toHaveLength(2);
  for (const id of [own, theirs]) {
    expect(await book.findMessage(id)).toMatchObject({ state: 'suppressed', reason: 'sms-opted-out' });
  }
  expect(await book.findMessage(others)).toMatchObject({ state: 'planned' });
});
