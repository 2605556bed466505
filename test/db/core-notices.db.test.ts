import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCoreNotice, type CoreNotice, type TakenNotice } from '../../src/db/cases/core-notices.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

type Reported = Pick<CoreNotice, 'kind'> & Record<string, string>;

async function anOpenCase(daysBefore = 25) {
  const id = await book.openCase();
  await book.setTime(daysBefore);
  await book.turn(id, 'entered');
  const [policy] = await book.db
    .select()
    .from(policies)
    .where(eq(policies.id, (await book.renewal(id)).policyId));
  const term = { policyNumber: policy!.policyNumber, startsOn: policy!.startsOn };
  const report = (reported: Reported): Promise<TakenNotice> =>
    book.db.transaction((tx) => takeCoreNotice(tx, { key: `${id}/E1`, ...term, ...reported } as CoreNotice, shanghai));
  return { id, policyId: policy!.id, report };
}

describe('the core system reports', () => {
  test.each([
    [25, false],
    [40, true],
  ])('a renewal at T-%d: the book knows the new policy and the case hears of it (early: %s)', async (day, early) => {
    const { id, policyId, report } = await anOpenCase(day);
    const taken = await report({ kind: 'renewed', newPolicyNumber: 'N-1' });
    expect(taken).toEqual({
      kind: 'taken',
      tell: { renewalId: id, notice: { key: `core.${id}/E1`, kind: 'renewed-in-core', early } },
    });
    expect(await book.renewal(id)).toMatchObject({ newPolicyNumber: 'N-1' });
    expect(await book.db.select().from(policies).where(eq(policies.id, policyId))).toMatchObject([
      { renewedAs: 'N-1' },
    ]);
  });

  test('a cancellation: the case hears of it', async () => {
    const { id, report } = await anOpenCase();
    expect(await report({ kind: 'cancelled', on: '2027-03-06' })).toMatchObject({
      tell: { renewalId: id, notice: { kind: 'cancelled-in-core' } },
    });
  });

  test('another expiry: term and case move, and the correction has a number of its own', async () => {
    const { id, policyId, report } = await anOpenCase();
    const taken = await report({ kind: 'expiry-corrected', expiresOn: '2027-04-10' });
    expect(taken).toMatchObject({ tell: { notice: { key: 'expiry.1', kind: 'expiry-corrected' } } });
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-04-10', expiryRevision: 1, armedRevision: 0 });
    expect(await book.db.select().from(policies).where(eq(policies.id, policyId))).toMatchObject([{ termDays: 375 }]);
  });

  test('the same fact twice: the journal has it once and nothing moves again', async () => {
    const { id, policyId, report } = await anOpenCase();
    const first = await report({ kind: 'expiry-corrected', expiresOn: '2027-04-10' });
    expect(await report({ kind: 'expiry-corrected', expiresOn: '2027-04-10' })).toEqual(first);
    expect((await book.events(id)).filter((event) => event.startsWith('reported'))).toHaveLength(1);
    expect(await book.db.select().from(policies).where(eq(policies.id, policyId))).toMatchObject([{ termDays: 375 }]);
  });

  test('an old fact again after a newer one: the newer one stays, whether the case is open or closed', async () => {
    const { id, policyId, report } = await anOpenCase();
    const first = { key: 'k1', kind: 'expiry-corrected', expiresOn: '2027-04-10' } as const;
    await report(first);
    await report({ key: 'k2', kind: 'expiry-corrected', expiresOn: '2027-04-20' });
    const expectTheNewer = async (): Promise<void> => {
      expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-04-20', expiryRevision: 2 });
      const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
      expect(policy).toMatchObject({ expiresOn: '2027-04-20', termDays: 385 });
    };
    expect(await report(first)).toMatchObject({ kind: 'taken', tell: { notice: { key: 'expiry.2' } } });
    await expectTheNewer();
    await book.db.update(renewals).set({ outcome: 'lost', lossReason: 'price' }).where(eq(renewals.id, id));
    expect(await report(first)).toEqual({ kind: 'taken' });
    await expectTheNewer();
  });

  test('a cancellation of a closed case: the book and the journal know it, and the case stays as it is', async () => {
    const { id, policyId, report } = await anOpenCase();
    await book.db.update(renewals).set({ outcome: 'lost', lossReason: 'price' }).where(eq(renewals.id, id));
    expect(await report({ kind: 'cancelled', on: '2027-03-06' })).toEqual({ kind: 'taken' });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', lossReason: 'price', correctedAt: null });
    const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
    expect(policy).toMatchObject({ cancelledOn: '2027-03-06' });
    expect(await book.events(id)).toContain('reported:cancelled');
  });

  test('a policy that nobody knows', async () => {
    const { report } = await anOpenCase();
    expect(await report({ kind: 'cancelled', on: '2027-03-06', policyNumber: 'nobody' })).toEqual({
      kind: 'unknown-policy',
    });
  });

  test('something else under a key that is known: it is refused, and what was reported first stays', async () => {
    const { id, report } = await anOpenCase();
    await report({ kind: 'expiry-corrected', expiresOn: '2027-04-10' });
    expect(await report({ kind: 'expiry-corrected', expiresOn: '2027-05-10' })).toEqual({ kind: 'key-reused' });
    expect(await book.renewal(id)).toMatchObject({ expiresOn: '2027-04-10', expiryRevision: 1 });
  });
});

describe('an expiry that the core system corrects', () => {
  test('says in the journal what it was and what it is', async () => {
    const { id, report } = await anOpenCase();
    await report({ kind: 'expiry-corrected', expiresOn: '2027-04-10' });
    const of = and(eq(journal.chain, id), eq(journal.event, 'reported:expiry-corrected'));
    expect((await book.db.select().from(journal).where(of))[0]?.inputs).toMatchObject({
      from: '2027-03-31',
      to: '2027-04-10',
    });
  });

  test('so far back that the grace days are over leaves the case open for the grace days from today', async () => {
    const { id, report } = await anOpenCase();
    await report({ kind: 'expiry-corrected', expiresOn: '2027-02-10' });
    await book.turn(id, 'expiry-corrected', { from: 'intensive-chase' });
    const ending = { outcome: { kind: 'lost', reason: 'no-result', renewable: true }, cause: 'grace-ended' } as const;
    const close = () => book.steps.closeCase({ renewalId: id, stamp: '', ending });
    expect(await close()).toMatchObject({ kind: 'not-yet' });
    expect(await book.renewal(id)).toMatchObject({ outcome: null, stage: 'wrap-up', graceFrom: '2027-03-06' });
    await book.setTime(22);
    expect(await close()).toMatchObject({ kind: 'closed' });
  });
});
