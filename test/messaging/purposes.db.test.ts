import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { takeConsentWord } from '../../src/db/customers/consent-records.ts';
import type { ConsentWord } from '../../src/db/customers/consent-words.ts';
import { unsubscribe } from '../../src/db/customers/unsubscribing.ts';
import type { EmailMessage } from '../../src/messaging/provider-answer.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;
let mails: EmailMessage[];
let turn = 0;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  mails = [];
});
afterAll(() => book.close());

const send = (renewalId: string, touch: string) =>
  createSendActivities({
    db: book.db,
    calendar,
    sms: [],
    email: {
      name: 'smtp',
      send: async (mail) => {
        mails.push(mail);
        return { kind: 'smtp-reply', reply: 250, id: mail.messageId };
      },
    },
    reportMisconfigured: () => {},
  }).sendEmail({ renewalId, touch, stamp: '' });

/** A customer of a mailbox of their own, with a reminder that is due and a renewal to be confirmed, both by e-mail. */
async function aCustomer() {
  turn += 1;
  const customerId = await book.addCustomer({ email: `reader${turn}@example.com` });
  const reminded = await book.addCase({ policy: { customerId } });
  const renewed = await book.addCase({ policy: { customerId }, renewal: { outcome: 'renewed' } });
  await book.plan(reminded, { channel: 'email' });
  const confirmation = { touch: 'renewal-confirmation', template: 'renewal-confirmation' };
  await book.plan(renewed, { channel: 'email', ...confirmation });
  return { customerId, remind: () => send(reminded, 't-15'), confirm: () => send(renewed, 'renewal-confirmation') };
}

const say = (customerId: string, word: Pick<ConsentWord, 'state' | 'purposes'>) =>
  book.db.transaction((tx) =>
    takeConsentWord(tx, { customerIds: [customerId], channel: 'email', source: 'phone', ...word }, calendar),
  );

describe('Each purpose has a consent of its own', () => {
  test('so that a reminder goes with a way out of reminders, and a confirmation with none', async () => {
    const { customerId, remind, confirm } = await aCustomer();

    const kinds = [(await remind()).kind, (await confirm()).kind];

    expect(kinds).toEqual(['accepted', 'accepted']);
    expect(mails.map((mail) => mail.customerId)).toEqual([customerId, undefined]);
  });

  test('so that whoever leaves the reminders is reminded no more, and still gets the confirmation', async () => {
    const { customerId, remind, confirm } = await aCustomer();
    await unsubscribe(book.db, customerId, calendar);

    expect(await remind()).toMatchObject({ kind: 'suppressed', reason: 'email-opted-out' });
    expect((await confirm()).kind).toBe('accepted');
  });

  test('so that whoever wants no notices is reminded all the same', async () => {
    const { customerId, remind, confirm } = await aCustomer();
    await say(customerId, { state: 'withdrawn', purposes: ['service-notice'] });

    expect(await confirm()).toMatchObject({ kind: 'suppressed', reason: 'no-email-consent' });
    expect((await remind()).kind).toBe('accepted');
  });

  test('so that a withdrawal that is taken back lets nothing go but what still lies ahead', async () => {
    const { customerId, remind } = await aCustomer();
    await say(customerId, { state: 'withdrawn', purposes: ['renewal-reminder'] });
    await say(customerId, { state: 'given', purposes: ['renewal-reminder'] });

    expect(await remind()).toMatchObject({ kind: 'suppressed', reason: 'no-email-consent' });
  });
});

test('Who shares a mailbox leaves together', async () => {
  const [one, other] = [await aCustomer(), await book.addCustomer({ email: `Reader${turn}@Example.com` })];
  const renewalId = await book.addCase({ policy: { customerId: other } });
  await book.plan(renewalId, { channel: 'email' });

  await unsubscribe(book.db, one.customerId, calendar);

  expect(await send(renewalId, 't-15')).toMatchObject({ kind: 'suppressed', reason: 'email-opted-out' });
});
