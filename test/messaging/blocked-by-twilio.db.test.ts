import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConsents, recordConsent } from '../../src/db/customers/recorded-consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { recordVerdict } from '../../src/messaging/record-verdict.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { aPhone, customerOf, wordsOf, wrote } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

async function aCustomer() {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  return { phone, customerId, renewalId };
}

const claim = (renewalId: string, touch = 't-15') =>
  claimMessage(book.db, { renewalId, touch, channel: 'sms' }, calendar);

/** Twilio refuses an SMS because the number has opted out there. */
async function refuse(renewalId: string): Promise<void> {
  await book.plan(renewalId);
  const claimed = await claim(renewalId);
  const verdict = judge({ kind: 'http-answer', status: 400, code: 21610 });
  if (claimed.kind === 'won') await recordVerdict(book.db, { attempt: claimed.message, verdict }, calendar);
}

/** Somebody records a consent to reminders by SMS, with a proof. */
const consent = (renewalId: string) =>
  book.db.transaction((tx) => {
    const word = { channel: 'sms', purpose: 'renewal-reminder', given: true, source: 'phone' } as const;
    const how = { evidence: 'REC-1', recordedBy: 'A1', renewalId };
    return recordConsent(tx, { id: uuidv7(), ...word, ...how }, calendar);
  });

const reminderOf = async (renewalId: string) => (await readConsents(book.db, renewalId))?.items[0];

async function planAhead(renewalId: string): Promise<string> {
  const ahead = { dueAt: new Date(at('2027-03-18T09:30')), latestAt: new Date(at('2027-03-19T09:30')) };
  return book.plan(renewalId, { ...ahead, touch: 't-7' });
}

describe('Consent with evidence after an opt-out', () => {
  test.each(['a 21610', 'STOP', ' stopall '])(
    'that Twilio knows of by %s is kept and has no effect until START comes from the number',
    async (how) => {
      const { phone, customerId, renewalId } = await aCustomer();
      const planned = await planAhead(renewalId);
      if (how === 'a 21610') await refuse(renewalId);
      else await wrote(book, phone, how);
      await book.setTime('2027-03-17T12:00');

      expect(await consent(renewalId)).toEqual({ kind: 'recorded' });

      expect(await reminderOf(renewalId)).toMatchObject({ given: true, mayBeSent: false });
      expect((await reminderOf(renewalId))?.optedOutAt).not.toBeNull();
      expect(await wordsOf(book, customerId)).toContain('sms renewal-reminder given phone');
      expect(await book.findMessage(planned)).toMatchObject({ state: 'suppressed', reason: 'sms-opted-out' });

      await book.setTime('2027-03-17T13:00');
      await wrote(book, phone, 'START');
      expect(await reminderOf(renewalId)).toMatchObject({ optedOutAt: null, mayBeSent: true });
      expect(await book.findMessage(planned)).toMatchObject({ state: 'planned' });
    },
  );

  test('counts at once where only we were told, in free text', async () => {
    const { phone, renewalId } = await aCustomer();
    await wrote(book, phone, '退订');

    await consent(renewalId);

    expect(await reminderOf(renewalId)).toMatchObject({ optedOutAt: null, mayBeSent: true });
  });

  test('counts again after START, and for another number than the one that is blocked', async () => {
    const [started, moved] = [await aCustomer(), await aCustomer()];
    for (const { phone } of [started, moved]) await wrote(book, phone, 'STOP');
    await book.setTime('2027-03-16T13:00');
    await wrote(book, started.phone, 'START');
    await book.setTime('2027-03-16T14:00');
    await wrote(book, started.phone, '退订');
    await book.db.update(customers).set({ phone: aPhone() }).where(eq(customers.id, moved.customerId));

    for (const { renewalId } of [started, moved]) await consent(renewalId);

    for (const { customerId } of [started, moved]) {
      expect((await customerOf(book, customerId)).smsOptedOutAt).toBeNull();
    }
  });
});
