import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeTask } from '../../src/cases/complete-task.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { giveQuote, type NewQuote, type QuoteRow } from '../../src/db/concessions/quote-records.ts';
import { concessions } from '../../src/db/schema/concessions.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { quotes } from '../../src/db/schema/quotes.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { TaskKind } from '../../src/renewal/task.ts';
import { addAuthorities, climb } from './a-ladder-of-people.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const specialist = 'X1';
const agent = 'A1';
const offer = (renewalId: string, facts: Partial<NewQuote> = {}) =>
  book.db.transaction((tx) =>
    giveQuote(tx, { id: uuidv7(), renewalId, premium: '4100.00', quotedBy: specialist, ...facts }, shanghai),
  );

async function give(renewalId: string, facts: Partial<NewQuote> = {}): Promise<QuoteRow> {
  const given = await offer(renewalId, facts);
  if (given.kind !== 'stored') throw new Error(given.kind);
  return given.row;
}
const quotesOf = (renewalId: string) =>
  book.db.select().from(quotes).where(eq(quotes.renewalId, renewalId)).orderBy(quotes.version);

describe('A quote', () => {
  test('is indicative until the bind clock opens at T-30, and firm from its first minute', async () => {
    const id = await book.openCase();
    await book.setTime(31, 23 * 60 + 59);
    await give(id);
    await book.setTime(30, 0);
    await give(id);

    expect((await quotesOf(id)).map(({ version, kind }) => [version, kind])).toEqual([
      [1, 'indicative'],
      [2, 'firm'],
    ]);
  });

  test('sent twice is one version, and two at once are two', async () => {
    const renewalId = await book.openCase();
    const id = uuidv7();
    const first = await give(renewalId, { id });

    expect(await give(renewalId, { id })).toEqual(first);
    await Promise.all([give(renewalId), give(renewalId)]);
    expect((await quotesOf(renewalId)).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test('for a closed case is refused', async () => {
    const id = await book.openCase();
    await book.db.update(renewals).set({ outcome: 'lost' }).where(eq(renewals.id, id));

    await expect(give(id)).rejects.toMatchObject({ code: 'case-closed' });
  });
});

/** The expiring premium is 4200.00; the floor lies at 80 % of it. */
describe('How low a quote may be', () => {
  test('an agent passes on the expiring premium while no specialist has calculated', async () => {
    const id = await book.openCase();

    expect(await offer(id, { premium: '0.01', quotedBy: agent })).toEqual({
      kind: 'quote-too-low',
      refusal: 'needs-concession',
      least: '4200.00',
    });
    expect(await offer(id, { premium: '4199.99', quotedBy: agent })).toMatchObject({ refusal: 'needs-concession' });
    expect(await quotesOf(id)).toEqual([]);
    expect(await give(id, { premium: '4200.00', quotedBy: agent })).toMatchObject({ version: 1 });
  });

  test('an agent passes on what the specialist calculated last, whatever agents quoted since', async () => {
    const id = await book.openCase();
    await give(id, { premium: '3800.00' });
    await give(id, { premium: '4000.00', quotedBy: agent });

    expect(await offer(id, { premium: '3799.99', quotedBy: agent })).toMatchObject({ least: '3800.00' });
    expect(await give(id, { premium: '3800.00', quotedBy: agent })).toMatchObject({ version: 3 });
  });

  test('an approved concession lowers it, one that waits does not', async () => {
    await addAuthorities(book);
    const ladder = climb(book);
    const id = await book.openCase();
    await give(id, { premium: '3999.99' });
    await ladder.ask(id, 'A1', { percent: 8 });
    expect(await offer(id, { premium: '3999.98', quotedBy: agent })).toMatchObject({ least: '3999.99' });
    const [asked] = await book.db.select().from(concessions).where(eq(concessions.renewalId, id));
    await ladder.decide(asked!.id, 'X1');

    expect(await offer(id, { premium: '3679.98', quotedBy: agent })).toMatchObject({ least: '3679.99' });
    expect(await give(id, { premium: '3679.99', quotedBy: agent })).toMatchObject({ version: 2 });
  });

  test('a specialist calculates freely down to the floor of the ladder', async () => {
    const id = await book.openCase();

    expect(await offer(id, { premium: '3359.99' })).toEqual({
      kind: 'quote-too-low',
      refusal: 'below-the-floor',
      least: '3360.00',
    });
    expect(await give(id, { premium: '3360.00' })).toMatchObject({ version: 1 });
  });

  test('holds for the quote that completes a task too, which then stays open', async () => {
    const id = await book.openCase();
    const taskId = await aTask(id, 'firm-quote');

    expect(await complete(taskId, '1.00')).toMatchObject({ kind: 'quote-too-low', refusal: 'below-the-floor' });
    expect(await book.tasks(id)).toMatchObject([{ state: 'open' }]);
    expect(await quotesOf(id)).toEqual([]);
  });
});

const deps = () => ({ db: book.db, calendar: shanghai }) as CaseDeps;

async function aTask(renewalId: string, kind: TaskKind): Promise<string> {
  const id = uuidv7();
  const facts = { branchId: 'B01', role: 'specialist', state: 'open', dueAt: new Date(), createdAt: new Date() };
  await book.db.insert(tasks).values({ id, key: id, kind, renewalId, ...facts });
  return id;
}
const complete = (taskId: string, premium = '4000.00') =>
  completeTask(deps(), { taskId, completion: { premium }, completedBy: specialist, id: uuidv7() });

describe('A quote task', () => {
  test('that is completed gives the case the next version of its quote', async () => {
    await book.setTime(50);
    const id = await book.openCase();
    const completed = await complete(await aTask(id, 'indicative-quote'));

    expect(completed).toMatchObject({ kind: 'completed', task: { completion: { quote: { version: 1 } } } });
    expect(await quotesOf(id)).toMatchObject([{ version: 1, kind: 'indicative', premium: '4000.00', quotedBy: 'X1' }]);
  });

  test('for a firm quote before the bind clock opens gives an indicative one, and the journal says so', async () => {
    await book.setTime(31);
    const id = await book.openCase();
    const completed = await complete(await aTask(id, 'firm-quote'));

    expect(completed).toMatchObject({ task: { completion: { quote: { kind: 'indicative' } } } });
    const entries = await book.db.select().from(journal).where(eq(journal.event, 'quote-given:indicative'));
    expect(entries.filter(({ chain }) => chain === id)).toMatchObject([{ reason: 'bind-clock-not-open' }]);
  });

  test('that two people complete at once gives one quote', async () => {
    const id = await book.openCase();
    const taskId = await aTask(id, 'firm-quote');
    await Promise.all([complete(taskId), complete(taskId)]);

    expect(await quotesOf(id)).toHaveLength(1);
  });
});
