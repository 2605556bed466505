import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { apply, receive, strike } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function twoCasesOfOneCustomer(): Promise<[string, string]> {
  await book.setTime(40);
  const one = await book.openCase();
  const [policy] = await book.db
    .select()
    .from(policies)
    .where(eq(policies.id, (await book.renewal(one)).policyId));
  const other = await book.openCase({ customerId: policy!.customerId, coverType: 'compulsory' });
  for (const id of [one, other]) await book.turn(id, 'entered');
  return [one, other];
}

const openKinds = async (id: string) =>
  (await book.tasks(id)).filter(({ state, role }) => state === 'open' && role !== 'specialist').map(({ kind }) => kind);

describe('a customer who refused contact in one case', () => {
  test('is called in none of the others: their calls fall away, with one task for the supervisor of the first', async () => {
    const [one, other] = await twoCasesOfOneCustomer();
    await apply(book, one, { result: 'refused-contact' });
    expect(await openKinds(one)).toEqual(['do-not-contact-review']);
    expect(await openKinds(other)).toEqual([]);
  });

  test('gets no call centre and no new work when a stage of another case ends', async () => {
    const [one, other] = await twoCasesOfOneCustomer();
    await apply(book, one, { result: 'refused-contact' });
    await book.setTime(29);
    await book.turn(other, 'calendar', { from: 'follow-up' });
    expect(await book.renewal(other)).toMatchObject({ stage: 'intensive-chase', escalated: false });
    expect(await openKinds(other)).toEqual([]);
  });

  test('is not called back in another case either', async () => {
    const [one, other] = await twoCasesOfOneCustomer();
    await apply(book, other, { result: 'promised', callBackAt: new Date(daysBeforeT(38)) });
    await apply(book, one, { result: 'refused-contact' });
    await book.setTime(37);
    await book.steps.assignCallBack({ renewalId: other, stamp: '' });
    expect((await book.tasks(other)).filter(({ kind }) => kind === 'call-back')).toEqual([]);
  });

  test('is written to no more: what later stages would send is suppressed, and no list announces it', async () => {
    const [one, other] = await twoCasesOfOneCustomer();
    await apply(book, one, { result: 'refused-contact' });
    await book.setTime(29);
    for (const id of [one, other]) {
      await book.turn(id, 'calendar', { from: 'follow-up' });
      const touches = (await book.messages(id)).filter(({ touch }) => touch === 't-15');
      expect(touches).toMatchObject([
        { state: 'suppressed', reason: 'do-not-contact' },
        { state: 'suppressed', reason: 'do-not-contact' },
      ]);
      expect(await book.renewal(id)).toMatchObject({ nextAction: 'stage:wrap-up' });
      expect((await book.events(id)).filter((event) => event === 'message-suppressed')).toHaveLength(2);
    }
  });

  test('has no next message named in any case from that moment', async () => {
    await book.setTime(29);
    const one = await book.openCase();
    const { policyId } = await book.renewal(one);
    const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
    const other = await book.openCase({ customerId: policy!.customerId, coverType: 'compulsory' });
    for (const id of [one, other]) await book.turn(id, 'entered');
    expect(await book.renewal(other)).toMatchObject({ nextAction: 'touch:t-15' });
    const row = await apply(book, one, { result: 'refused-contact' });
    for (const id of [one, other]) expect(await book.renewal(id)).toMatchObject({ nextAction: 'stage:wrap-up' });
    await strike(book, row);
    for (const id of [one, other]) {
      expect(await book.renewal(id)).toMatchObject({ nextAction: 'touch:t-15' });
      const states = (await book.messages(id)).filter(({ touch }) => touch === 't-15').map(({ state }) => state);
      expect(states).toEqual(['planned', 'planned']);
    }
  });

  test('after the close of that case is left alone just the same', async () => {
    const [one, other] = await twoCasesOfOneCustomer();
    const ending = { outcome: { kind: 'renewed', early: false }, cause: 'test' } as const;
    await book.steps.closeCase({ renewalId: one, stamp: '', ending });
    expect((await receive(book, one, { result: 'refused-contact' })).state).toBe('late');
    expect(await openKinds(other)).toEqual([]);
    const { policyId } = await book.renewal(one);
    const [customer] = await book.db
      .select({ until: customers.doNotContactUntil })
      .from(customers)
      .innerJoin(policies, eq(policies.customerId, customers.id))
      .where(eq(policies.id, policyId));
    expect(customer?.until).not.toBeNull();
  });
});

describe('contact refused while a second round runs', () => {
  async function refusedInSecondRound() {
    const id = await book.openCase();
    await book.setTime(40);
    await book.turn(id, 'entered');
    await apply(book, id, { result: 'considering', callBackAt: new Date(daysBeforeT(39)) });
    const declined = await apply(book, id, { result: 'declined', lossReason: 'price' });
    const round = { reason: 'price', resultId: declined.id } as const;
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', ...round });
    return { id, refused: await apply(book, id, { result: 'refused-contact' }) };
  }

  test('makes the refusal what the round is about; its end comes next', async () => {
    const { id } = await refusedInSecondRound();
    const { nextAction, nextActionAt, secondRoundDueAt, secondRoundReason } = await book.renewal(id);
    expect({ nextAction, secondRoundReason }).toEqual({
      nextAction: 'second-round-ends',
      secondRoundReason: 'refused-contact',
    });
    expect(nextActionAt).toEqual(secondRoundDueAt);
  });

  test.each(['no-answer', 'confirmed-lost'])('books the loss as refused contact when it ends with %s', async (end) => {
    const { id } = await refusedInSecondRound();
    await book.setTime(36);
    const outcome = { kind: 'lost', reason: 'price', renewable: true } as const;
    const ending = { outcome, cause: `second-round:${end}` };
    const closed = await book.steps.closeCase({ renewalId: id, stamp: '', ending });
    expect(closed).toMatchObject({ kind: 'closed', outcome: { kind: 'lost', reason: 'refused-contact' } });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', lossReason: 'refused-contact' });
  });

  test('by mistake leaves the round about what it was', async () => {
    const { id, refused } = await refusedInSecondRound();
    await strike(book, refused);
    expect(await book.renewal(id)).toMatchObject({ secondRoundReason: 'price', nextAction: 'second-round-ends' });
  });
});
