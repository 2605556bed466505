import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { concessions } from '../../src/db/schema/concessions.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addAuthorities, climb, type Ladder } from './a-ladder-of-people.ts';

let book: Book;
let ladder: Ladder;
let renewalId: string;

beforeAll(async () => {
  book = await openBook();
  await addAuthorities(book);
  ladder = climb(book);
});
afterAll(() => book.close());
beforeEach(async () => {
  await anchorClock(book.db, { businessAt: shanghai.instantOf('2027-03-01', 600), speed: 1 });
  renewalId = await book.openCase();
});

async function asked(by: string, percent: number): Promise<string> {
  const requested = await ladder.ask(renewalId, by, { percent });
  if (requested.kind === 'refused') throw new Error(requested.refusal);
  return requested.row.id;
}
const standing = async () =>
  (
    await book.db.select().from(concessions).where(eq(concessions.renewalId, renewalId)).orderBy(concessions.percent)
  ).map(({ percent, state }) => [Number(percent), state]);
const openTasks = async () =>
  (await book.tasks(renewalId)).filter(({ kind, state }) => kind === 'concession-decision' && state === 'open');

describe('One request at a time waits on a case', () => {
  test.each([8, 10])(
    'so that one for %i % beside one of 10 %% is refused and the waiting one named',
    async (percent) => {
      const waiting = await asked('A1', 10);
      const refused = { code: 'concession-pending', message: expect.stringContaining(waiting) };

      await expect(asked('X1', percent)).rejects.toMatchObject(refused);
      expect(await standing()).toEqual([[10, 'pending']]);
      expect(await openTasks()).toHaveLength(1);
    },
  );

  test('and one for more takes its place, with its task', async () => {
    const waiting = await asked('A1', 10);
    const higher = await asked('A1', 13);

    expect(await ladder.now(waiting)).toMatchObject({ state: 'lapsed', lapsedReason: 'asked-for-more' });
    expect(await openTasks()).toMatchObject([{ concessionId: higher, role: 'general-manager' }]);
    expect(await book.events(renewalId)).toContain('concession-lapsed');
    expect(await ladder.passDeadline(waiting)).toEqual({ kind: 'settled', state: 'lapsed' });
  });

  test('also when two ask in the same instant', async () => {
    const both = await Promise.allSettled([asked('A1', 10), asked('X1', 10)]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await openTasks()).toHaveLength(1);
  });
});

describe('One approved concession stands on a case', () => {
  test('a higher one supersedes it, and the journal says so', async () => {
    const own = await asked('X1', 8);
    await ladder.decide(await asked('A1', 10), 'M1');

    expect(await standing()).toEqual([
      [8, 'superseded'],
      [10, 'approved'],
    ]);
    expect(await book.events(renewalId)).toContain('concession-superseded');
    expect(await ladder.decide(own, 'X1')).toEqual({ kind: 'own-request' });
  });

  test('a rejected one leaves it as it stands', async () => {
    await asked('X1', 8);
    await ladder.decide(await asked('A1', 10), 'M1', { decision: 'reject' });

    expect(await standing()).toEqual([
      [8, 'approved'],
      [10, 'rejected'],
    ]);
  });

  test.each([8, 10])('and nobody asks for %i % once 10 %% is approved', async (percent) => {
    await ladder.decide(await asked('A1', 10), 'M1');

    expect(await ladder.ask(renewalId, 'X1', { percent })).toEqual({ kind: 'refused', refusal: 'granted-already' });
  });

  test('the whole fee may be asked for after a part that was superseded', async () => {
    await asked('X1', 7);
    await asked('X1', 8);
    const whole = await asked('A1', 14);

    expect(await ladder.now(whole)).toMatchObject({ step: 'whole-fee', state: 'pending' });
  });
});
