import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drawLossChecks } from '../../src/db/losses/loss-check-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, strike } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
beforeEach(() => book.setTime(40));
afterAll(() => book.close());

const holderOf = async (renewalId: string): Promise<string> => {
  const { policyId } = await book.renewal(renewalId);
  return (await book.db.select().from(policies).where(eq(policies.id, policyId)))[0]?.customerId ?? '';
};
const aloneUntil = async (customerId: string) =>
  (await book.db.select().from(customers).where(eq(customers.id, customerId)))[0]?.doNotContactUntil?.getTime() ?? 0;
const openKinds = async (id: string) =>
  (await book.tasks(id)).filter(({ state }) => state === 'open').map(({ kind }) => kind);

let turn = 0;

/** The customer refuses contact by SMS, from a phone of their own. */
async function refuseBySms(customerId: string): Promise<void> {
  turn += 1;
  const sender = `+8613700000${String(turn).padStart(3, '0')}`;
  await book.db.update(customers).set({ phone: sender }).where(eq(customers.id, customerId));
  const message = { id: `SM${turn}`, provider: 'twilio', sender, recipient: '+15005550006', body: '不要再联系我' };
  await takeReply(book.db, message, shanghai);
}

describe('Nobody calls a customer who refused contact by SMS', () => {
  test('in any case: work that means to call falls away, and a case that opens later brings none', async () => {
    const one = await book.openCase();
    const customerId = await holderOf(one);
    const other = await book.openCase({ customerId, coverType: 'compulsory' });
    for (const id of [one, other]) await book.turn(id, 'entered');

    await refuseBySms(customerId);
    const later = await book.openCase({ customerId, channel: '电销', specialistId: null });
    await book.turn(later, 'entered');

    const calling = [...(await book.tasks(one)), ...(await book.tasks(other)), ...(await book.tasks(later))].filter(
      ({ state, role }) => state === 'open' && (role === 'agent' || role === 'call-centre'),
    );
    expect(calling).toEqual([]);
    expect((await book.renewal(later)).callCentreSince).not.toBeNull();
  });

  test('nor is anybody handed over to the call centre when a stage ends', async () => {
    const id = await book.openCase();
    await book.turn(id, 'entered');
    await refuseBySms(await holderOf(id));

    await book.setTime(29);
    await book.turn(id, 'calendar', { from: 'follow-up' });

    expect(await book.renewal(id)).toMatchObject({ stage: 'intensive-chase', escalated: false, callCentreSince: null });
    expect(await openKinds(id)).toEqual(['do-not-contact-review']);
  });

  test('to check why a case was lost: a call-back that was drawn is withdrawn', async () => {
    const open = await book.openCase();
    const customerId = await holderOf(open);
    const lost = await book.openCase({ customerId, coverType: 'compulsory' });
    const closedAt = new Date(shanghai.instantOf('2027-01-20', 720));
    const loss = { outcome: 'lost', lossReason: 'price', closedAt } as const;
    await book.db.update(renewals).set(loss).where(eq(renewals.id, lost));
    const month = { month: '2027-01', branchId: 'B01', calendar: shanghai };
    await book.db.transaction((tx) => drawLossChecks(tx, month));
    expect(await openKinds(lost)).toEqual(['call-back-check']);

    await refuseBySms(customerId);

    const [check] = await book.db.select().from(lossChecks).where(eq(lossChecks.renewalId, lost));
    expect(check?.state).toBe('withdrawn');
    expect(await openKinds(lost)).toEqual([]);
    expect(await book.events(lost)).toContain('call-back-withdrawn');
  });

  test('although a result that refused contact as well was a mistake', async () => {
    const id = await book.openCase();
    await book.turn(id, 'entered');
    const customerId = await holderOf(id);
    await refuseBySms(customerId);
    const bySms = await aloneUntil(customerId);
    await book.setTime(39);
    const row = await apply(book, id, { result: 'refused-contact' });

    await strike(book, row);

    expect(await aloneUntil(customerId)).toBe(bySms);
    expect(bySms).toBeGreaterThan(0);
  });
});
