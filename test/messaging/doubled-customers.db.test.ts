import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterEach(() => book.db.update(customers).set({ phone: null, email: null, doNotContactUntil: null }));
afterAll(() => book.close());

type CustomerFacts = Parameters<MessageBook['addCustomer']>[0];
type PolicyFacts = NonNullable<Parameters<MessageBook['addCase']>[0]>['policy'];

/** A case of a customer of its own, with the touch of that day. */
async function aCase(customer: CustomerFacts, channel: Channel, policy: PolicyFacts = {}): Promise<string> {
  const renewalId = await book.addCase({ policy: { customerId: await book.addCustomer(customer), ...policy } });
  await book.plan(renewalId, { channel });
  return renewalId;
}

const claim = (renewalId: string, channel: Channel) =>
  claimMessage(book.db, { renewalId, touch: 't-15', channel }, calendar);

async function answerOf(renewalId: string, channel: Channel): Promise<string> {
  const answer = await claim(renewalId, channel);
  return answer.kind === 'won' ? 'won' : 'reason' in answer.outcome ? answer.outcome.reason : answer.outcome.kind;
}

const phone = '+8613900000001';
const mailbox = { email: 'zhao@example.com', phone: null };
const ways: { what: string; channel: Channel; one: CustomerFacts; other: CustomerFacts }[] = [
  {
    what: 'one phone under two spellings of a name',
    channel: 'sms',
    one: { name: '钱二', phone },
    other: { name: '钱 二', phone },
  },
  { what: 'one mailbox without a phone', channel: 'email', one: mailbox, other: mailbox },
  {
    what: 'one mailbox in capitals and small letters',
    channel: 'email',
    one: mailbox,
    other: { ...mailbox, email: 'Zhao@Example.com' },
  },
];

describe.each(ways)('Two customers of the lists with $what', ({ channel, one, other }) => {
  test('get one touch a day between them', async () => {
    const cases = [await aCase(one, channel), await aCase(other, channel)] as const;
    expect(await answerOf(cases[0], channel)).toBe('won');
    expect(await answerOf(cases[1], channel)).toBe('one-touch-a-day');
  });

  test('get one touch when both are claimed at once', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const cases = await Promise.all([one, other, one, other].map((customer) => aCase(customer, channel)));
      const answers = await Promise.all(cases.map((renewalId) => answerOf(renewalId, channel)));
      expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
      await book.db.update(customers).set({ phone: null, email: null });
    }
  });

  test('get one message for two covers of a vehicle, which names both', async () => {
    const plate = `鲁C${crypto.randomUUID().slice(0, 5)}`;
    const compulsory = await aCase(one, channel, { plate, coverType: 'compulsory' });
    const commercial = await aCase(other, channel, { plate });
    const sent = await claim(compulsory, channel);
    expect(sent).toMatchObject({ kind: 'won', message: { text: { body: expect.stringMatching(/交强险.*商业险/s) } } });
    expect(await answerOf(commercial, channel)).toBe('companion-message');
  });

  test('are both left alone when one of them wants no contact', async () => {
    const refused = { ...one, doNotContactUntil: new Date(at('2027-09-01T09:00')) };
    await aCase(refused, channel);
    expect(await answerOf(await aCase(other, channel), channel)).toBe('do-not-contact');
  });

  test('wait for a refusal of contact of one of them that nobody has taken', async () => {
    const renewalId = await aCase(one, channel);
    const result = { kind: 'contact', state: 'received', result: 'refused-contact', recordedBy: 'A1' };
    const recordedAt = new Date(at('2027-03-16T11:59'));
    await book.db.insert(contactResults).values({ id: crypto.randomUUID(), renewalId, ...result, recordedAt });
    expect(await answerOf(await aCase(other, channel), channel)).toBe('news-not-taken');
  });

  test('are contacted three times a week between them', async () => {
    for (const day of ['11', '12', '13']) {
      const renewalId = await aCase(one, channel);
      const result = { kind: 'contact', state: 'applied', result: 'considering', recordedBy: 'A1' };
      const recordedAt = new Date(at(`2027-03-${day}T10:00`));
      await book.db.insert(contactResults).values({ id: crypto.randomUUID(), renewalId, ...result, recordedAt });
    }
    expect(await answerOf(await aCase(other, channel), channel)).toBe('contacts-a-week');
  });
});

test('Who shares only the mailbox is written to by SMS on a day on which the other one was', async () => {
  const shared = 'office@example.com';
  const one = await aCase({ phone, email: shared }, 'sms');
  const other = await aCase({ phone: '+8613900000002', email: shared }, 'sms');
  expect(await answerOf(one, 'sms')).toBe('won');
  expect(await answerOf(other, 'sms')).toBe('won');
});

test('A customer without any address is nobody else’s double', async () => {
  const none = { phone: null, email: null };
  await aCase({ ...none, doNotContactUntil: new Date(at('2027-09-01T09:00')) }, 'sms');
  expect(await answerOf(await aCase(none, 'sms'), 'sms')).toBe('no-phone');
});
