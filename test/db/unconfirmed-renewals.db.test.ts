import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCoreNotice } from '../../src/db/cases/core-notices.ts';
import { suppressAddress } from '../../src/db/customers/suppressed-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import type { Ending } from '../../src/renewal/case-state.ts';
import { confirmationTouch } from '../../src/renewal/stage-plan.ts';
import { stoppedVerdicts } from '../explanations/case-table.ts';
import { readEntries } from '../explanations/read-entries.ts';
import { agrees, decisionOf } from '../explanations/verdict.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, strike } from '../support/given-results.ts';

type Customer = Partial<typeof customers.$inferInsert>;

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const renewed: Ending = { outcome: { kind: 'renewed', early: false }, cause: 'result:renewed' };
const noConsent = { smsNoticeConsent: false, emailNoticeConsent: false };

async function change(id: string, changed: Customer): Promise<void> {
  const policy = eq(policies.id, (await book.renewal(id)).policyId);
  const [found] = await book.db.select({ customerId: policies.customerId }).from(policies).where(policy);
  await book.db.update(customers).set(changed).where(eq(customers.id, found!.customerId));
}

async function renewedCase(changed: Customer) {
  const id = await book.openCase();
  await book.setTime(20);
  await book.turn(id, 'entered');
  await change(id, changed);
  const row = await apply(book, id, { result: 'renewed' });
  const answer = await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...renewed, resultId: row.id } });
  return { id, row, answer };
}

const confirmationsOf = async (id: string): Promise<string[]> =>
  (await book.messages(id))
    .filter(({ touch }) => touch === confirmationTouch)
    .map(({ channel, state, reason }) => [channel, state, reason].filter(Boolean).join(' '));
const unconfirmed = async (id: string) =>
  (await readEntries(book.db, id)).filter(({ explanation }) => explanation?.inputs['step'] === 'confirming');

describe('A renewal that no message can confirm', () => {
  test.each<[string, Customer, string]>([
    ['without consent to notices', noConsent, 'sms suppressed no-sms-consent'],
    [
      'that opted out of SMS and has no e-mail',
      { smsOptedOutAt: new Date(0), email: null },
      'sms suppressed sms-opted-out',
    ],
    ['with a landline alone', { phone: '+862161321234', email: null }, 'sms suppressed phone-cannot-take-sms'],
    [
      'without phone and without consent to e-mails',
      { phone: null, emailNoticeConsent: false },
      'email suppressed no-email-consent',
    ],
    ['without phone and e-mail', { phone: null, email: null }, 'sms suppressed no-phone'],
    ['at a suppressed address', { phone: null, email: 'Gone@example.com' }, 'email suppressed address-suppressed'],
  ])('of a customer %s is shown with the reason, in the journal too', async (_who, changed, expected) => {
    const gone = {
      channel: 'email',
      address: 'gone@example.com',
      customerId: null,
      reason: 'no-such-address',
    } as const;
    await suppressAddress(book.db, gone);

    const { id, answer } = await renewedCase(changed);

    expect(answer).toMatchObject({ kind: 'closed', confirmBy: [] });
    expect(await confirmationsOf(id)).toEqual([expected]);
    const entries = await unconfirmed(id);
    expect(entries.map(({ event }) => event)).toEqual(['message-suppressed']);
    const entry = entries[0]!;
    expect(agrees(decisionOf(entry), stoppedVerdicts(entry.explanation!))).toBe(true);
    const free = { hasAddress: true, optedOut: false, takesNoSms: false, addressSuppressed: false, consented: true };
    const other = { ...entry.explanation!, inputs: { ...entry.explanation!.inputs, ways: { sms: free, email: free } } };
    expect(agrees(decisionOf(entry), stoppedVerdicts(other))).toBe(false);
  });

  test('is confirmed when it is true only the second time, and the customer allows it by then', async () => {
    const { id, row } = await renewedCase(noConsent);
    await strike(book, row);
    await change(id, { smsNoticeConsent: true });
    await book.turn(id, 'entered');
    const answer = await book.steps.closeCase({ renewalId: id, stamp: '', ending: renewed });
    expect(answer).toMatchObject({ confirmBy: ['sms'] });
    expect(await confirmationsOf(id)).toEqual(['sms planned']);
  });

  test('says so once more when the one that was to be confirmed had been a mistake', async () => {
    const { id, row } = await renewedCase({ smsNoticeConsent: true });
    await strike(book, row);
    await change(id, noConsent);
    await book.turn(id, 'entered');
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: renewed });
    expect(await confirmationsOf(id)).toEqual(['sms suppressed no-sms-consent']);
    expect(await unconfirmed(id)).toHaveLength(1);
  });
});

const lost: Ending = { outcome: { kind: 'lost', reason: 'price', renewable: true }, cause: 'test' };

async function lostCase() {
  const id = await book.openCase();
  await book.setTime(20);
  await book.turn(id, 'entered');
  const row = await apply(book, id, { result: 'quoted' });
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...lost, resultId: row.id } });
  await book.setTime(-5);
  return { id, row };
}

/** What the journal says of the confirmation, and whether a separate reading of the rules says so too. */
async function missedIn(id: string): Promise<string[]> {
  const entries = await readEntries(book.db, id);
  return entries
    .filter(({ event, inputs }) => event === 'message-expired' && inputs['touch'] === confirmationTouch)
    .map((entry) => (agrees(decisionOf(entry), stoppedVerdicts(entry.explanation!)) ? 'explained' : 'not explained'));
}

describe('A renewal that comes to light after its case was lost', () => {
  const missed = 'sms expired day-has-passed';

  test('by a correction is not confirmed days late, and is shown as that', async () => {
    const { id, row } = await lostCase();
    await strike(book, row, { replacement: { result: 'renewed', newPolicyNumber: 'N-71' } });
    expect(await confirmationsOf(id)).toEqual([missed]);
    expect(await missedIn(id)).toEqual(['explained']);
  });

  test('by the core system is not confirmed either', async () => {
    const { id } = await lostCase();
    const [policy] = await book.db
      .select()
      .from(policies)
      .where(eq(policies.id, (await book.renewal(id)).policyId));
    const { policyNumber, startsOn } = policy!;
    const notice = { kind: 'renewed', key: id, policyNumber, startsOn, newPolicyNumber: 'N-72' } as const;
    await book.db.transaction((tx) => takeCoreNotice(tx, notice, shanghai));
    expect(await confirmationsOf(id)).toEqual([missed]);
    expect(await missedIn(id)).toEqual(['explained']);
  });

  test('leaves the confirmation alone that waits for a renewal that was only entered wrongly', async () => {
    const { id, row } = await renewedCase({ smsNoticeConsent: true });
    await book.setTime(-5);
    await strike(book, row, { replacement: { result: 'renewed', newPolicyNumber: 'N-73' } });
    expect(await confirmationsOf(id)).toEqual(['sms planned']);
  });
});
