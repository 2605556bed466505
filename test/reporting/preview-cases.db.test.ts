import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { readRunningCase } from '../../src/db/cases/running-case.ts';
import type { RunningCase } from '../../src/renewal/follow-plan.ts';
import { previewCases, type PreviewedCase } from '../../src/reporting/preview/preview-cases.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { changed } from '../support/given-plan-change.ts';
import { shanghai } from '../support/given-plan.ts';
import { aDraft, aVariedBook } from '../support/given-varied-book.ts';

let book: Book;
let ids: Awaited<ReturnType<typeof aVariedBook>>;

beforeAll(async () => {
  book = await openBook();
  ids = await aVariedBook(book);
});

afterAll(() => book.close());

async function all(asked: { version: number; pageSize?: number }): Promise<PreviewedCase[]> {
  const cases: PreviewedCase[] = [];
  for await (const page of previewCases(book.db, { ...asked, calendar: shanghai })) cases.push(...page);
  return cases;
}

/** Rows come in no order; a rule about refusal is what it answers. */
function inOrder({ messages, tasks, mayBeWrittenTo, ...one }: RunningCase) {
  const asked = [0, Date.parse('2027-03-02'), Date.parse('2027-03-25'), Number.MAX_SAFE_INTEGER];
  const byText = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).toSorted();
  return { ...one, messages: byText(messages), tasks: byText(tasks), mayBeWritten: asked.map(mayBeWrittenTo) };
}

describe('The preview of a stage plan', () => {
  const earlier = changed((plan) => (plan.stages[2].touches[1].daysBefore = 20));

  test('reads every case as its own step reads it', async () => {
    const version = await aDraft(book, earlier);

    const previewed = await all({ version });

    expect(previewed.map(({ renewalId }) => renewalId)).toEqual(Object.values(ids).toSorted());
    for (const { renewalId, one } of previewed) {
      const alone = await book.db.transaction(async (tx) =>
        readRunningCase(tx, await readSituation(tx, renewalId, shanghai)),
      );
      expect(inOrder(one)).toEqual(inOrder(alone));
    }
    expect(previewed.some(({ one }) => one.tasks.some(({ state }) => state === 'elsewhere'))).toBe(true);
  });

  test('is the same in small pages', async () => {
    const version = await aDraft(book, earlier);
    const said = (cases: PreviewedCase[]) => cases.map(({ renewalId, following }) => ({ renewalId, following }));

    expect(said(await all({ version, pageSize: 3 }))).toEqual(said(await all({ version })));
  });

  test('leaves out the cases that follow another plan than the one that changes', async () => {
    const version = await aDraft(book, earlier, { segment: 'several-claims' });

    expect(await all({ version })).toEqual([]);
  });
});
