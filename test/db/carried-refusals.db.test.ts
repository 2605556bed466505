import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { apply, strike } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function inFollowUp(): Promise<string> {
  const id = await book.openCase({});
  await book.setTime(40);
  await book.turn(id, 'entered');
  return id;
}

async function customerOf(id: string) {
  const { policyId } = await book.renewal(id);
  const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
  const [customer] = await book.db.select().from(customers).where(eq(customers.id, policy!.customerId));
  return customer!;
}

const firstContactOf = async (id: string) =>
  (await book.tasks(id)).filter(({ kind }) => kind === 'first-contact').map(({ state }) => state);

/** A list that brings a case under another number carries the refusal to the customer whom it makes of it. */
async function carry(from: string, to: string, name: string): Promise<void> {
  const { doNotContactUntil } = await customerOf(from);
  const { id } = await customerOf(to);
  await book.db.update(customers).set({ doNotContactUntil, name, phone: '+8613900000099' }).where(eq(customers.id, id));
}

test('A refusal of contact that is taken back ends where a list carried it to the same person, and nowhere else', async () => {
  const [id, same, stranger] = [await inFollowUp(), await inFollowUp(), await inFollowUp()];
  const row = await apply(book, id, { result: 'refused-contact' });
  await carry(id, same, (await customerOf(id)).name);
  await carry(id, stranger, '赵六');

  await strike(book, row);

  expect((await customerOf(id)).doNotContactUntil).toBeNull();
  expect((await customerOf(same)).doNotContactUntil).toBeNull();
  expect((await customerOf(stranger)).doNotContactUntil).not.toBeNull();
  expect(await firstContactOf(same)).toEqual(['open']);
});

test('A refusal of contact that is taken back leaves the same person alone who refused it in the other case too', async () => {
  const [id, same] = [await inFollowUp(), await inFollowUp()];
  await apply(book, same, { result: 'refused-contact' });
  await book.setTime(39);
  const row = await apply(book, id, { result: 'refused-contact' });
  await carry(id, same, (await customerOf(id)).name);

  await strike(book, row);

  expect((await customerOf(id)).doNotContactUntil).toBeNull();
  expect((await customerOf(same)).doNotContactUntil).not.toBeNull();
});
