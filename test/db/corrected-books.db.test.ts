import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markLate, type NewResult, type ResultRow } from '../../src/db/results/result-records.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { policies } from '../../src/db/schema/policies.ts';
import type { Ending } from '../../src/renewal/case-state.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, receive, strike } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const lost: Ending = { outcome: { kind: 'lost', reason: 'no-result', renewable: true }, cause: 'test' };

/** A case that closed at T-20 with one result of its own. */
async function closedCase(said: Partial<NewResult> & { result: string }, ending: Ending = lost) {
  const id = await book.openCase();
  await book.setTime(20);
  await book.turn(id, 'entered');
  const row = await apply(book, id, said);
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...ending, resultId: row.id } });
  return { id, row };
}

const renewed: Ending = { outcome: { kind: 'renewed', early: false }, cause: 'test' };
const asRenewed = (newPolicyNumber: string = uuidv7()) => ({ replacement: { result: 'renewed', newPolicyNumber } });

async function correctionOf(id: string) {
  const of = and(eq(journal.chain, id), eq(journal.event, 'books-corrected'));
  return (await book.db.select().from(journal).where(of)).map(({ actor, inputs }) => ({ actor, inputs }));
}

describe('a correction after the close', () => {
  test('moves the case to another book in one step; the journal says who, and from where to where', async () => {
    const { id, row } = await closedCase({ result: 'quoted' });
    const { replacement } = await strike(book, row, asRenewed('N-7'));
    expect(await book.renewal(id)).toMatchObject({
      outcome: 'renewed',
      lossReason: null,
      newPolicyNumber: 'N-7',
      renewedEarly: false,
      renewable: true,
    });
    expect((await book.renewal(id)).correctedAt).not.toBeNull();
    expect(await book.result(row.id)).toMatchObject({ state: 'corrected' });
    expect(replacement).toMatchObject({ state: 'applied', correctsId: row.id });
    expect(await correctionOf(id)).toEqual([
      {
        actor: 'S1',
        inputs: { from: lost.outcome, to: renewed.outcome, resultId: replacement!.id, corrects: row.id },
      },
    ]);
  });

  const lostWith = { outcome: 'lost', newPolicyNumber: null, renewedEarly: false };
  test.each([
    ['declined', { result: 'declined', lossReason: 'price' }, { ...lostWith, lossReason: 'price', renewable: true }],
    [
      'not-renewable',
      { result: 'not-renewable', evidence: 'sold' },
      { ...lostWith, lossReason: 'sold-or-scrapped', renewable: false },
    ],
  ])('moves a renewed case whose grace is over to the lost book as %s', async (_, replacement, expected) => {
    const { id, row } = await closedCase({ result: 'renewed', newPolicyNumber: uuidv7() }, renewed);
    await book.setTime(-4);
    await strike(book, row, { replacement });
    expect(await book.renewal(id)).toMatchObject(expected);
    expect(await book.db.select().from(credits).where(eq(credits.renewalId, id))).toEqual([]);
  });

  test('gives the credit to whoever renewed it', async () => {
    const { id, row } = await closedCase({ result: 'quoted' });
    await strike(book, row, asRenewed());
    expect((await book.db.select().from(credits).where(eq(credits.renewalId, id))).length).toBeGreaterThan(0);
  });

  test('is early when the renewal took place before the bind clock opened', async () => {
    const { id, row } = await closedCase({ result: 'quoted' });
    const occurredAt = new Date('2027-02-20T10:00:00+08:00');
    await strike(book, row, { replacement: { ...asRenewed().replacement, occurredAt } });
    expect(await book.renewal(id)).toMatchObject({ renewedEarly: true });
  });

  test('makes a late result the one that counts', async () => {
    const { id } = await closedCase({ result: 'quoted' });
    const late = await receive(book, id, { result: 'not-renewable', evidence: 'sold' });
    expect(late.state).toBe('late');
    await strike(book, late, asRenewed());
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed' });
  });

  test('lifts a refusal of contact that was a mistake', async () => {
    const { id } = await closedCase({ result: 'quoted' });
    const late = await receive(book, id, { result: 'refused-contact' });
    await strike(book, late, asRenewed());
    const [customer] = await book.db
      .select({ until: customers.doNotContactUntil })
      .from(customers)
      .innerJoin(policies, eq(policies.customerId, customers.id))
      .where(eq(policies.id, (await book.renewal(id)).policyId));
    expect(customer?.until).toBeNull();
  });

  test.each([
    ['without saying how the case ended', {}],
    ['with a result that ends no case', { replacement: { result: 'quoted' } }],
  ])('%s is refused and changes nothing', async (_, more) => {
    const { id, row } = await closedCase({ result: 'quoted' });
    await expect(strike(book, row, more)).rejects.toMatchObject({ code: 'correction-needs-outcome' });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', correctedAt: null });
    expect(await book.result(row.id)).toMatchObject({ state: 'applied' });
  });

  test('as lost is refused while the core system says that it was renewed', async () => {
    const { id, row } = await closedCase({ result: 'renewed', newPolicyNumber: uuidv7() }, renewed);
    const { policyId } = await book.renewal(id);
    await book.db.update(policies).set({ renewedAs: 'N-1' }).where(eq(policies.id, policyId));
    const tried = strike(book, row, { replacement: { result: 'declined', lossReason: 'price' } });
    await expect(tried).rejects.toMatchObject({ code: 'result-not-correctable' });
  });

  test('of an older entry leaves the book of another entry that stands', async () => {
    const id = await book.openCase();
    await book.setTime(20);
    await book.turn(id, 'entered');
    const quoted = await apply(book, id, { result: 'quoted' });
    const sold = await apply(book, id, { result: 'renewed', newPolicyNumber: uuidv7() });
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...renewed, resultId: sold.id } });
    await book.setTime(-4);
    const declined = { replacement: { result: 'declined', lossReason: 'price' } };
    await expect(strike(book, quoted, declined)).rejects.toMatchObject({ code: 'result-not-correctable' });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed' });
  });

  test('to another reason of the loss reaches the call-back that was drawn for it', async () => {
    const { id, row } = await closedCase({ result: 'quoted' });
    await book.setTime(-4);
    const drawn = { month: '2027-01', seed: 'seed', branchId: 'B01', lossReason: 'no-result', state: 'open' };
    const at = new Date('2027-02-01T01:00:00Z');
    await book.db.insert(lossChecks).values({ ...drawn, id: uuidv7(), renewalId: id, dueAt: at, drawnAt: at });
    await strike(book, row, { replacement: { result: 'declined', lossReason: 'rival-service' } });
    const [check] = await book.db.select().from(lossChecks).where(eq(lossChecks.renewalId, id));
    expect(check).toMatchObject({ state: 'open', lossReason: 'rival-service' });
  });

  test('that two people make at once is made by one of them', async () => {
    const { row } = await closedCase({ result: 'quoted' });
    const tries = await Promise.allSettled([strike(book, row, asRenewed()), strike(book, row, asRenewed())]);
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

test('a result that loses against a close is late, and can still be made the one that counts', async () => {
  const { id } = await closedCase({ result: 'quoted' });
  const row: ResultRow = await receive(book, id, { result: 'renewed', newPolicyNumber: 'N-9' });
  await book.db.transaction((tx) => markLate(tx, row, shanghai));
  await strike(book, row, { replacement: { result: 'renewed', newPolicyNumber: 'N-9' } });
  expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', newPolicyNumber: 'N-9' });
});
