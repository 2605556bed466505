import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { apply, receive } from '../support/given-results.ts';

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
