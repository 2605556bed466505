import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClock } from '../../src/db/business-clock.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { claimMessage, type Claim } from '../../src/messaging/claim.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
afterAll(() => book.close());

const claim = (renewalId: string): Promise<Claim> =>
  claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);

/** When a case hears to ask again, in business time. */
async function waitsUntil(claimed: Claim): Promise<number> {
  const outcome = claimed.kind === 'answered' && claimed.outcome.kind === 'waiting' ? claimed.outcome : undefined;
  const clock = await readClock(book.db);
  return clock.businessAt + ((outcome?.until ?? 0) - clock.wallAt) * clock.speed;
}
const isNear = (one: number, other: number): boolean => Math.abs(one - other) < 60_000;

describe('A customer who lives elsewhere', () => {
  test('is written to when the window opens there, valid until it closes there', async () => {
    const renewalId = await book.addCase({ customer: { timeZone: 'America/New_York' } });
    const messageId = await book.plan(renewalId);
    await book.setTime('2027-03-16T12:00');

    // 09:00 in New York, on summer time since the 14th, is 21:00 in Shanghai.
    expect(isNear(await waitsUntil(await claim(renewalId)), at('2027-03-16T21:00'))).toBe(true);
    const held = await book.findMessage(messageId);
    expect(held).toMatchObject({
      state: 'planned',
      reason: 'quiet-hours',
      heldUntil: new Date(at('2027-03-16T21:00')),
    });
    await book.setTime('2027-03-17T08:00');
    const claimed = await claim(renewalId);
    const seconds = claimed.kind === 'won' ? claimed.message.validForSeconds : 0;
    expect(seconds).toBeGreaterThan(3_600 - 60);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test('reads of the days that are left when it goes', async () => {
    const renewalId = await book.addCase({ customer: { timeZone: 'America/New_York' } });
    const messageId = await book.plan(renewalId);
    await book.setTime('2027-03-16T12:00');
    await claim(renewalId);
    await book.setTime('2027-03-17T08:00');
    await claim(renewalId);

    expect((await book.findMessage(messageId)).body).toContain('还有14天');
  });

  test('is told of in the journal by the zones that were looked at', async () => {
    const renewalId = await book.addCase({ customer: { phone: '+12025550143' } });
    await book.plan(renewalId);
    await book.setTime('2027-03-16T12:00');
    await claim(renewalId);

    const [entry] = await book.db.select().from(journal).where(eq(journal.chain, renewalId));
    expect(JSON.stringify(entry)).toContain('Pacific/Honolulu');
    expect(JSON.stringify(entry)).not.toContain('+1202');
  });

  test('gets no reminder that would come when the policy has expired', async () => {
    const renewalId = await book.addCase({
      customer: { timeZone: 'America/Los_Angeles' },
      renewal: { expiresOn: '2027-03-16' },
    });
    await book.plan(renewalId);
    await book.setTime('2027-03-16T12:00');

    // 09:00 in Los Angeles is midnight in Shanghai: the day after.
    expect(await claim(renewalId)).toMatchObject({ outcome: { kind: 'expired', reason: 'quiet-hours' } });
  });

  test('gets an SMS on the expiry day that may arrive on that day alone', async () => {
    const renewalId = await book.addCase({
      customer: { timeZone: 'America/New_York' },
      renewal: { expiresOn: '2027-03-16' },
    });
    await book.plan(renewalId);
    await book.setTime('2027-03-16T22:00');
    const claimed = await claim(renewalId);

    const seconds = claimed.kind === 'won' ? claimed.message.validForSeconds : 0;
    expect(seconds).toBeGreaterThan(2 * 3_600 - 60);
    expect(seconds).toBeLessThanOrEqual(2 * 3_600);
  });
});
