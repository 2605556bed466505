import { asc, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditRenewal, withdrawCredits } from '../../src/db/losses/credit-records.ts';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { openBook, type Book, type PolicyFacts } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { receive, strike } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function inChase(facts: PolicyFacts = {}): Promise<string> {
  await book.setTime(25);
  const id = await book.openCase(facts);
  await book.turn(id, 'entered');
  return id;
}

async function says(renewalId: string, result: string, recordedBy: string): Promise<string> {
  const id = uuidv7();
  const row = { id, renewalId, kind: 'contact', result, recordedBy } as const;
  await book.db.transaction((tx) => receiveResult(tx, row, shanghai));
  return id;
}

async function closes(renewalId: string, resultId?: string): Promise<void> {
  const cause = resultId ? 'result:renewed' : 'core-system';
  const ending = { outcome: { kind: 'renewed', early: false } as const, cause, ...(resultId ? { resultId } : {}) };
  await book.steps.closeCase({ renewalId, stamp: '', ending });
}

const creditsOf = async (renewalId: string) => {
  const rows = await book.db.select().from(credits).where(eq(credits.renewalId, renewalId)).orderBy(asc(credits.part));
  return rows.map(({ part, staffId, rate }) => `${part} ${staffId} ${rate}`);
};

describe('The close of a renewed case', () => {
  test('credits the owner and the team’s leader', async () => {
    const id = await inChase();
    await closes(id, await says(id, 'renewed', 'A1'));
    expect(await creditsOf(id)).toEqual(['caller A1 1.00', 'lead S1 1.00', 'seller A1 1.00']);
    expect((await book.events(id)).filter((event) => event === 'credited')).toHaveLength(1);
  });

  test('credits the call centre with half where it brought the renewal, and the owner as before', async () => {
    const id = await inChase();
    await says(id, 'quoted', 'A1');
    await closes(id, await says(id, 'renewed', 'C1'));
    expect(await creditsOf(id)).toEqual(['caller C1 0.50', 'lead S1 1.00', 'seller A1 1.00']);
  });

  test('credits whoever reached the customer last where the core system reported the renewal', async () => {
    const id = await inChase();
    await says(id, 'considering', 'C1');
    await says(id, 'not-reached', 'A1');
    await closes(id);
    expect(await creditsOf(id)).toEqual(['caller C1 0.50', 'lead S1 1.00', 'seller A1 1.00']);
  });

  test('credits half of everything for a policy that telesales wrote', async () => {
    const id = await inChase({ channel: '电销' });
    await closes(id, await says(id, 'renewed', 'X1'));
    expect(await creditsOf(id)).toEqual(['caller X1 0.50', 'lead S1 0.50', 'seller X1 0.50']);
  });

  test('that is asked for again credits nothing twice', async () => {
    const id = await inChase();
    const resultId = await says(id, 'renewed', 'A1');
    await closes(id, resultId);
    await closes(id, resultId);
    expect(await creditsOf(id)).toHaveLength(3);
  });
});

describe('A correction after the close', () => {
  test('takes the credits away and may give them anew', async () => {
    const id = await inChase();
    const resultId = await says(id, 'renewed', 'A1');
    await closes(id, resultId);
    const by = { renewalId: id, by: 'S1', reason: 'corrected' };
    await book.db.transaction((tx) => withdrawCredits(tx, by));
    await book.db.transaction((tx) => withdrawCredits(tx, by));
    expect(await creditsOf(id)).toEqual([]);
    await book.db.transaction((tx) => creditRenewal(tx, { ...by, resultId }));
    expect(await creditsOf(id)).toHaveLength(3);
    expect((await book.events(id)).slice(-2)).toEqual(['credit-withdrawn', 'credited']);
  });

  test('leaves the caller’s credit with who recorded the late result that a supervisor makes the one that counts', async () => {
    const id = await inChase();
    const ending = { outcome: { kind: 'lost', reason: 'price', renewable: true } as const, cause: 'test' };
    await book.steps.closeCase({ renewalId: id, stamp: '', ending });
    const late = await receive(book, id, { result: 'renewed', newPolicyNumber: 'L-1', recordedBy: 'A2' });
    await strike(book, late, { replacement: { result: 'renewed', newPolicyNumber: 'L-2' } });
    expect(await creditsOf(id)).toEqual(['caller A2 1.00', 'lead S1 1.00', 'seller A1 1.00']);
  });
});
