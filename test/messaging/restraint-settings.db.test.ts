import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import { claimMessage, type Claim } from '../../src/messaging/claim.ts';
import type { Caps, QuietHours } from '../../src/renewal/settings.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
afterAll(() => book.close());
beforeEach(async () => {
  await setQuietHours({ fromMinute: 1_260, toMinute: 540 });
  await setCaps({ touchesPerDay: 1, contactsPerWeek: 3 });
  await book.setTime('2027-03-16T12:00');
});

const setQuietHours = (content: QuietHours) =>
  book.db.transaction((tx) => changeSetting(tx, { name: 'quiet-hours', content, changedBy: 'admin' }));
const setCaps = (content: Caps) =>
  book.db.transaction((tx) => changeSetting(tx, { name: 'caps', content, changedBy: 'admin' }));
const claim = (renewalId: string): Promise<Claim> =>
  claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);
const reasonOf = (claimed: Claim) =>
  claimed.kind === 'answered' && 'reason' in claimed.outcome ? claimed.outcome.reason : claimed.kind;

/** A result that the agent recorded at a time; the id of its case. */
async function recorded(renewalId: string, when: string, changed: Partial<typeof contactResults.$inferInsert> = {}) {
  const row = { id: crypto.randomUUID(), renewalId, kind: 'contact', state: 'applied', result: 'quoted' };
  const recordedAt = new Date(at(`2027-03-${when}`));
  await book.db.insert(contactResults).values({ ...row, recordedBy: 'A1', recordedAt, ...changed });
}

describe('Quiet hours that an admin changed', () => {
  test('hold the next message that is claimed, and end its validity', async () => {
    await setQuietHours({ fromMinute: 1_080, toMinute: 780 });
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);

    expect(reasonOf(await claim(renewalId))).toBe('quiet-hours');
    expect((await book.findMessage(messageId)).heldUntil).toEqual(new Date(at('2027-03-16T13:00')));
    await book.setTime('2027-03-16T13:00');
    const claimed = await claim(renewalId);
    const seconds = claimed.kind === 'won' ? claimed.message.validForSeconds : 0;
    expect(Math.abs(seconds - 5 * 3_600)).toBeLessThan(60);
  });

  test('cannot loosen what the stage plan says', async () => {
    await setQuietHours({ fromMinute: 1_440, toMinute: 0 });
    await book.setTime('2027-03-16T21:30');
    const renewalId = await book.addCase();
    await book.plan(renewalId);

    expect(reasonOf(await claim(renewalId))).toBe('quiet-hours');
  });
});

describe('The weekly cap', () => {
  async function twoCases(): Promise<[string, string]> {
    const customerId = await book.addCustomer();
    return [await book.addCase({ policy: { customerId } }), await book.addCase({ policy: { customerId } })];
  }

  test('counts touches and effective contacts over all policies of a customer', async () => {
    const [one, other] = await twoCases();
    await book.plan(one, { state: 'accepted', claimedAt: new Date(at('2027-03-11T10:00')) });
    await recorded(one, '12T10:00');
    await recorded(other, '13T10:00', { recordedBy: 'A1', result: 'considering' });
    const messageId = await book.plan(other);

    expect(reasonOf(await claim(other))).toBe('contacts-a-week');
    expect(await book.findMessage(messageId)).toMatchObject({
      state: 'planned',
      heldUntil: new Date(at('2027-03-18T09:00')),
      latestAt: new Date(at('2027-03-18T21:00')),
    });
    expect(await book.eventsOf(other)).toEqual(['message-held contacts-a-week']);
    await book.setTime('2027-03-18T09:00');
    expect((await claim(other)).kind).toBe('won');
  });

  test.each([
    ['attempts that reached nobody', { result: 'not-reached' }],
    ['the confirmation of an entry', { result: 'confirmed' }],
    ['results that were struck out', { state: 'corrected' }],
    ['results that were refused', { state: 'refused' }],
    ['contacts of the week before', { occurredAt: new Date(at('2027-03-09T10:00')) }],
  ])('does not count %s', async (_what, changed) => {
    const [one, other] = await twoCases();
    for (const day of ['12', '13', '14', '15']) await recorded(one, `${day}T10:00`, changed);
    await book.plan(other);

    expect((await claim(other)).kind).toBe('won');
  });

  test('does not count what other customers heard', async () => {
    const stranger = await book.addCase();
    for (const day of ['12', '13', '14']) await recorded(stranger, `${day}T10:00`);
    const renewalId = await book.addCase();
    await book.plan(renewalId);

    expect((await claim(renewalId)).kind).toBe('won');
  });

  test('is as low as the setting says', async () => {
    const [one, other] = await twoCases();
    await recorded(one, '14T10:00');
    await book.plan(other);
    await setCaps({ touchesPerDay: 1, contactsPerWeek: 1 });

    expect(reasonOf(await claim(other))).toBe('contacts-a-week');
  });

  test('is never higher than the stage plan says', async () => {
    const [one, other] = await twoCases();
    for (const day of ['12', '13', '15']) await recorded(one, `${day}T10:00`);
    await book.plan(other);
    await setCaps({ touchesPerDay: 1, contactsPerWeek: 9 });

    expect(reasonOf(await claim(other))).toBe('contacts-a-week');
  });

  test('expires a touch whose occasion is gone by the next free day', async () => {
    const [one, other] = await twoCases();
    for (const day of ['14', '15', '16']) await recorded(one, `${day}T10:00`);
    const messageId = await book.plan(other);

    expect(reasonOf(await claim(other))).toBe('contacts-a-week');
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'expired', reason: 'contacts-a-week' });
  });
});
