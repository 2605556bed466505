import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeTask } from '../../src/cases/complete-task.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { giveQuote } from '../../src/db/concessions/quote-records.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { quotes } from '../../src/db/schema/quotes.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { TaskKind } from '../../src/renewal/task.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const give = (renewalId: string, facts: { id?: string } = {}) =>
  book.db.transaction((tx) =>
    giveQuote(tx, { id: uuidv7(), renewalId, premium: '4100.00', quotedBy: 'X1', ...facts }, shanghai),
  );
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

describe('A quote task', () => {
  const deps = () => ({ db: book.db, calendar: shanghai }) as CaseDeps;

  async function aTask(renewalId: string, kind: TaskKind): Promise<string> {
    const id = uuidv7();
    const facts = { branchId: 'B01', role: 'specialist', state: 'open', dueAt: new Date(), createdAt: new Date() };
    await book.db.insert(tasks).values({ id, key: id, kind, renewalId, ...facts });
    return id;
  }
  const complete = (taskId: string) =>
    completeTask(deps(), { taskId, completion: { premium: '4000.00' }, completedBy: 'X1', id: uuidv7() });

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
