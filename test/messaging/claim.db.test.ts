import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readClock, wallInstant } from '../../src/db/business-clock.ts';
import { sending } from '../../src/db/schema/operations.ts';
import { claimMessage, type Claim } from '../../src/messaging/claim.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const claim = (renewalId: string, touch = 't-15', channel: Channel = 'sms'): Promise<Claim> =>
  claimMessage(book.db, { renewalId, touch, channel }, calendar);
const outcomeOf = (claimed: Claim) => (claimed.kind === 'won' ? 'won' : claimed.outcome);
const kindsOf = (claims: Claim[]): string[] =>
  claims.map((claimed) => (claimed.kind === 'won' ? 'won' : claimed.outcome.kind)).toSorted();
const businessOf = async (wall: number): Promise<number> => {
  const clock = await readClock(book.db);
  return clock.businessAt + (wall - clock.wallAt) * clock.speed;
};

describe('A claim that is won', () => {
  test('stores the attempt, the address and the text as they were at that moment', async () => {
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);
    const claimed = await claim(renewalId);
    const row = await book.findMessage(messageId);
    expect(claimed).toMatchObject({ kind: 'won', message: { messageId, attemptId: row.attemptId } });
    expect(row).toMatchObject({ state: 'claimed', address: '+8613800000001', reason: null });
    expect(row.body).toContain('王芳您好');
    expect(row.body).toContain('还有15天');
    expect(row.body).toContain('李四');
    expect(Math.abs((row.claimedAt?.getTime() ?? 0) - at('2027-03-16T12:00'))).toBeLessThan(60_000);
  });

  test('knows for how many wall seconds the window stays open', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    const claimed = await claim(renewalId);
    const seconds = claimed.kind === 'won' ? claimed.message.validForSeconds : 0;
    expect(seconds).toBeLessThanOrEqual(9 * 3_600);
    expect(seconds).toBeGreaterThan(9 * 3_600 - 60);
  });

  test('is signed by the branch when the case has no agent', async () => {
    const renewalId = await book.addCase({ renewal: { ownerId: null } });
    const messageId = await book.plan(renewalId);
    await claim(renewalId);
    expect((await book.findMessage(messageId)).body).toContain('济南分公司');
  });

  test('is won by exactly one of twenty who try at once', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(renewalId)));
    expect(kindsOf(claims)).toEqual([...Array.from({ length: 19 }, () => 'unknown'), 'won']);
  });
});

describe('A claim that is not won leaves its reason with the message', () => {
  const dropped = [
    {
      when: 'the case has closed',
      given: { renewal: { outcome: 'lost' as const } },
      state: 'cancelled',
      reason: 'case-closed',
    },
    { when: 'there is no phone', given: { customer: { phone: null } }, state: 'suppressed', reason: 'no-phone' },
    { when: 'the phone is none', given: { customer: { phone: '138' } }, state: 'suppressed', reason: 'no-phone' },
    {
      when: 'there is no consent',
      given: { customer: { smsConsent: false } },
      state: 'suppressed',
      reason: 'no-sms-consent',
    },
    {
      when: 'the customer opted out',
      given: { customer: { smsOptedOutAt: new Date(0) } },
      state: 'suppressed',
      reason: 'sms-opted-out',
    },
    {
      when: 'the customer is not to be contacted',
      given: { customer: { doNotContactUntil: new Date(at('2027-09-01T00:00')) } },
      state: 'suppressed',
      reason: 'do-not-contact',
    },
    {
      when: 'the policy has expired',
      given: { renewal: { expiresOn: '2027-03-15' } },
      state: 'expired',
      reason: 'day-has-passed',
    },
  ];
  test.each(dropped)('when $when: $state, $reason', async ({ given, state, reason }) => {
    const renewalId = await book.addCase(given);
    const messageId = await book.plan(renewalId);
    const answer = { kind: state === 'expired' ? 'expired' : 'suppressed', reason };
    expect(outcomeOf(await claim(renewalId))).toEqual(answer);
    expect(await book.findMessage(messageId)).toMatchObject({ state, reason, attemptId: null, body: null });
    expect(await book.eventsOf(renewalId)).toEqual([`message-${state} ${reason}`]);
    expect(outcomeOf(await claim(renewalId)), 'asked again').toEqual(answer);
  });

  test('when its day has passed', async () => {
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId, { latestAt: new Date(at('2027-03-16T11:59')) });
    expect(outcomeOf(await claim(renewalId))).toEqual({ kind: 'expired', reason: 'day-has-passed' });
    expect((await book.findMessage(messageId)).state).toBe('expired');
  });

  test.each([
    [{ customer: { email: null } }, 'no-email'],
    [{ customer: { email: 'a@example.com, b@example.com' } }, 'no-email'],
    [{ customer: { emailConsent: false } }, 'no-email-consent'],
    [{ customer: { emailOptedOutAt: new Date(0) } }, 'email-opted-out'],
  ])('by e-mail with its own address, consent and opt-out: %o', async (given, reason) => {
    const renewalId = await book.addCase(given);
    await book.plan(renewalId, { channel: 'email' });
    expect(outcomeOf(await claim(renewalId, 't-15', 'email'))).toEqual({ kind: 'suppressed', reason });
  });

  test('when nothing was planned at all', async () => {
    expect(outcomeOf(await claim(await book.addCase()))).toEqual({ kind: 'suppressed', reason: 'not-planned' });
  });
});

describe('A message that must wait stays planned', () => {
  const held = [
    { why: 'not-due', given: {}, due: '2027-03-16T14:00', until: '2027-03-16T14:00' },
    { why: 'orphan', given: { renewal: { orphanedAt: new Date(0) } }, until: '2027-03-16T13:00' },
    { why: 'second-round', given: { renewal: { secondRoundDueAt: new Date(0) } }, until: '2027-03-16T13:00' },
    { why: 'quiet-hours', given: {}, now: '2027-03-16T21:30', until: '2027-03-17T09:00' },
  ];
  test.each(held)('$why: until $until', async ({ why, given, due, now, until }) => {
    if (now) await book.setTime(now);
    const renewalId = await book.addCase(given);
    const messageId = await book.plan(renewalId, due ? { dueAt: new Date(at(due)) } : {});
    const claimed = await claim(renewalId);
    const outcome = claimed.kind === 'answered' && claimed.outcome.kind === 'waiting' ? claimed.outcome : undefined;
    expect(outcome?.reason).toBe(why);
    expect(Math.abs((await businessOf(outcome?.until ?? 0)) - at(until))).toBeLessThan(60_000);
    expect((await book.findMessage(messageId)).state).toBe('planned');
  });

  test('and stays valid through the window that it waits for', async () => {
    await book.setTime('2027-03-16T21:30');
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);
    await claim(renewalId);
    expect((await book.findMessage(messageId)).latestAt).toEqual(new Date(at('2027-03-17T21:00')));
    await book.setTime('2027-03-17T20:00');
    expect((await claim(renewalId)).kind).toBe('won');
  });

  test('while sending is stopped, and the journal says so once', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    await book.db.update(sending).set({ stopped: true }).where(eq(sending.id, 1));
    const claims = [await claim(renewalId), await claim(renewalId)];
    await book.db.update(sending).set({ stopped: false }).where(eq(sending.id, 1));
    expect(claims.map(outcomeOf)).toMatchObject([{ reason: 'sending-stopped' }, { reason: 'sending-stopped' }]);
    expect(await book.eventsOf(renewalId)).toEqual(['message-held sending-stopped']);
    expect((await claim(renewalId)).kind).toBe('won');
  });

  test('until a wall instant, whatever the speed of the business clock', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId, { dueAt: new Date(at('2027-03-16T14:00')) });
    const claimed = await claim(renewalId);
    const clock = await readClock(book.db);
    const until = wallInstant(clock, at('2027-03-16T14:00'));
    expect(claimed).toMatchObject({ outcome: { kind: 'waiting', until } });
  });
});

describe('One touch a day', () => {
  test('over all policies of a customer: the second one waits for the next day and goes then', async () => {
    const customerId = await book.addCustomer();
    const [first, second] = [
      await book.addCase({ policy: { customerId } }),
      await book.addCase({ policy: { customerId } }),
    ];
    await book.plan(first);
    await book.plan(second);
    expect(kindsOf([await claim(first), await claim(second)])).toEqual(['waiting', 'won']);
    await book.setTime('2027-03-17T09:00');
    expect((await claim(second)).kind).toBe('won');
  });

  test('also when the touches of ten policies are claimed in the same instant', async () => {
    const customerId = await book.addCustomer();
    const cases = await Promise.all(Array.from({ length: 10 }, () => book.addCase({ policy: { customerId } })));
    await Promise.all(cases.map((renewalId) => book.plan(renewalId)));
    const claims = await Promise.all(cases.map((renewalId) => claim(renewalId)));
    expect(kindsOf(claims)).toEqual([...Array.from({ length: 9 }, () => 'waiting'), 'won']);
  });

  test('lets the same touch go on both channels', async () => {
    const renewalId = await book.addCase();
    await book.plan(renewalId);
    await book.plan(renewalId, { channel: 'email' });
    const claims = await Promise.all([claim(renewalId), claim(renewalId, 't-15', 'email')]);
    expect(kindsOf(claims)).toEqual(['won', 'won']);
  });

  test('does not count a message that was provably not accepted', async () => {
    const customerId = await book.addCustomer();
    const [first, second] = [
      await book.addCase({ policy: { customerId } }),
      await book.addCase({ policy: { customerId } }),
    ];
    const claimedAt = new Date(at('2027-03-16T10:00'));
    await book.plan(first, { state: 'not-accepted', claimedAt });
    await book.plan(second);
    expect((await claim(second)).kind).toBe('won');
  });
});

describe('Companion policies', () => {
  const companions = async (vehicle: { plate: string | null; vin: string | null }): Promise<[string, string]> => {
    const customerId = await book.addCustomer();
    return [
      await book.addCase({ policy: { customerId, ...vehicle, coverType: 'compulsory' } }),
      await book.addCase({ policy: { customerId, ...vehicle, coverType: 'commercial' } }),
    ];
  };

  test.each([
    ['plate', { plate: '鲁AD63608', vin: null }],
    ['VIN', { plate: null, vin: 'LPDWEEWW23TJACP6L' }],
  ])('of one %s get one message that names both covers', async (_key, vehicle) => {
    const [first, second] = await companions(vehicle);
    const messageId = await book.plan(first);
    await book.plan(second);
    expect((await claim(first)).kind).toBe('won');
    expect(outcomeOf(await claim(second))).toEqual({ kind: 'suppressed', reason: 'companion-message' });
    expect((await book.findMessage(messageId)).body).toContain('商业险');
    expect((await book.findMessage(messageId)).body).toContain('交强险');
  });

  test('get one message a channel when both are claimed in the same instant', async () => {
    const [first, second] = await companions({ plate: '鲁AD63609', vin: null });
    for (const renewalId of [first, second]) {
      await book.plan(renewalId);
      await book.plan(renewalId, { channel: 'email' });
    }
    const claims = await Promise.all([
      claim(first),
      claim(second),
      claim(second, 't-15', 'email'),
      claim(first, 't-15', 'email'),
    ]);
    expect(kindsOf(claims)).toEqual(['suppressed', 'suppressed', 'won', 'won']);
  });

  test('are named together only while both are open', async () => {
    const [first, second] = await companions({ plate: '鲁AD63610', vin: null });
    await book.plan(second, { state: 'cancelled' });
    const messageId = await book.plan(first);
    await claim(first);
    expect((await book.findMessage(messageId)).body).not.toContain('商业险');
  });

  test('of other customers are nobody’s companions', async () => {
    const vehicle = { plate: '鲁AD63611', vin: null };
    const [one, other] = [await book.addCase({ policy: vehicle }), await book.addCase({ policy: vehicle })];
    await book.plan(one);
    await book.plan(other);
    expect(kindsOf([await claim(one), await claim(other)])).toEqual(['won', 'won']);
  });
});

describe('The confirmation', () => {
  test('goes once after the case has closed as renewed, and names the new policy', async () => {
    const renewalId = await book.addCase({ renewal: { outcome: 'renewed', newPolicyNumber: 'NEW-1' } });
    const touch = { touch: 'renewal-confirmation', template: 'renewal-confirmation' };
    const messageId = await book.plan(renewalId, touch);
    const customerId = (await book.findMessage(messageId)).customerId;
    const startsOn = '2027-04-01';
    await book.addCase({ policy: { customerId, policyNumber: 'NEW-1', startsOn, premium: '4800.00' } });
    expect((await claim(renewalId, 'renewal-confirmation')).kind).toBe('won');
    expect((await book.findMessage(messageId)).body).toContain('新保单号NEW-1，保费4800.00元');
    expect(kindsOf([await claim(renewalId, 'renewal-confirmation')])).toEqual(['unknown']);
  });
});
