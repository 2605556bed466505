import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResultRow } from '../../src/db/results/result-records.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { receive } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const from = { from: 'follow-up' } as const;

async function inFollowUp(): Promise<string> {
  const id = await book.openCase();
  await book.setTime(40);
  await book.turn(id, 'entered');
  return id;
}

/** A decline whose case has taken it; whoever recorded it did not live to say so in its row. */
async function aHalfToldDecline(): Promise<ResultRow> {
  const id = await inFollowUp();
  return receive(book, id, { result: 'declined', lossReason: 'price' });
}

const openRound = ({ renewalId, id: resultId }: ResultRow) =>
  book.steps.assignSecondRound({ renewalId, stamp: '', reason: 'price', resultId });
const decide = ({ renewalId }: ResultRow) =>
  receive(book, renewalId, { kind: 'second-round', result: 'reopened', recordedBy: 'S1' });

describe('a decline that its second round rests on', () => {
  test('stands in the books with it, and nobody asks a rebuilt case about it again', async () => {
    const declined = await aHalfToldDecline();
    await openRound(declined);
    expect((await book.result(declined.id)).state).toBe('applied');
    expect(await book.renewal(declined.renewalId)).toMatchObject({ secondRoundReason: 'price', resultCounted: true });
    expect((await book.events(declined.renewalId)).slice(-3)).toEqual([
      'result:declined',
      'task-given:second-round',
      'second-round-opened',
    ]);
  });
});

describe('a case that the supervisor reopened', () => {
  test('is not told again of the decline: its second round is over', async () => {
    const declined = await aHalfToldDecline();
    await decide(declined);
    const turn = await book.turn(declined.renewalId, 'reopened', from);
    expect(turn).toMatchObject({ unsettled: [], resumed: { resultCounted: true } });
    expect(turn).not.toHaveProperty('resumed.secondRound');
    expect((await book.result(declined.id)).state).toBe('applied');
  });

  test('has the decision in its books with its stage, and the supervisor no task', async () => {
    const declined = await aHalfToldDecline();
    await openRound(declined);
    const decision = await decide(declined);
    await book.turn(declined.renewalId, 'reopened', from);
    expect((await book.result(decision.id)).state).toBe('applied');
    const rounds = (await book.tasks(declined.renewalId)).filter(({ kind }) => kind === 'second-round');
    expect(rounds.map(({ state }) => state)).toEqual(['completed']);
  });

  test('is still told of another decline that came after the decision', async () => {
    const declined = await aHalfToldDecline();
    await openRound(declined);
    await decide(declined);
    const another = await receive(book, declined.renewalId, { result: 'declined', lossReason: 'moved-away' });
    expect(await book.turn(declined.renewalId, 'reopened', from)).toMatchObject({ unsettled: [another.id] });
  });
});
