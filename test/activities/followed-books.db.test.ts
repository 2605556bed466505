import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publish, withTouches } from '../support/given-plans.ts';
import { atOnce, later, openRolloutBook, sooner, type RolloutBook } from '../support/given-rollout.ts';

let book: RolloutBook;

beforeEach(async () => {
  book = await openRolloutBook();
});
afterEach(() => book.close());

async function booksOf(id: string) {
  const { stage, planVersion, nextAction, nextActionAt, stageEndsAt, escalated } = await book.renewal(id);
  const rows = (await book.messages(id)).map(({ touch, channel, state, dueAt }) => ({ touch, channel, state, dueAt }));
  const work = (await book.tasks(id)).map(({ kind, state, dueAt }) => ({ kind, state, dueAt }));
  return { stage, planVersion, nextAction, nextActionAt, stageEndsAt, escalated, rows, work };
}

/** Each case has an offset of its own in the day. */
async function daysOf(id: string): Promise<unknown> {
  return JSON.parse(JSON.stringify(await booksOf(id)).replaceAll(/T\d\d:\d\d:\d\d\.\d{3}Z/g, ''));
}

describe('The nightly check', () => {
  test('finds a case whose nudge was lost, and tells it again', async () => {
    const id = await book.aCase();
    await book.rollOut(await book.aRollout(sooner), async () => {});

    expect(await book.lookForStrays()).toMatchObject({ looked: 1, nudged: 1 });
    expect(book.told).toEqual([[id, { key: 'replan.stray.2027-02-19', kind: 'replanned' }]]);
  });

  test('leaves a case alone that only waits longer, and one that has armed the plan', async () => {
    const [waiting, awake] = [await book.aCase(), await book.aCase()];
    await book.rollOut(await book.aRollout(later));
    await book.turn(awake, 'replanned', { from: 'follow-up' });

    expect(await book.lookForStrays()).toMatchObject({ looked: 1, nudged: 0 });
    expect(book.told).toEqual([]);
    expect((await book.renewal(waiting)).armedPlanVersion).toBe(1);
  });

  test('brings the books of a case along that no roll-out came to', async () => {
    const id = await book.aCase();
    const planVersion = await publish(
      book.db,
      withTouches('intensive-chase', () => []),
    );

    await book.lookForStrays();

    expect(await book.renewal(id)).toMatchObject({ planVersion });
  });
});

describe('A case that is brought along', () => {
  test('twice has the same books, and one entry that says so', async () => {
    const id = await book.aCase();
    await publish(book.db, sooner);
    const first = await book.follow(id);
    const books = await booksOf(id);

    const second = await book.follow(id);

    expect([first, second]).toMatchObject([{ following: { nudge: true } }, { following: { nudge: true } }]);
    expect(await booksOf(id)).toEqual(books);
    expect((await book.events(id)).filter((event) => event === 'plan-followed')).toHaveLength(1);
  });

  test.each([
    ['opens the next stage at once', atOnce],
    ['opens it sooner', sooner],
    ['opens it later', later],
  ])('while its own stage turns has the same books, whoever comes first: the plan %s', async (_, plan) => {
    const [one, other, both] = [await book.aCase(), await book.aCase(), await book.aCase()];
    await book.setTime(30);
    await publish(book.db, plan);
    const turn = (id: string) => book.turn(id, 'calendar', { from: 'follow-up' });

    await book.follow(one);
    await turn(one);
    await turn(other);
    await book.follow(other);
    await Promise.all([book.follow(both), turn(both)]);

    expect(await daysOf(other)).toEqual(await daysOf(one));
    expect(await daysOf(both)).toEqual(await daysOf(one));
  });

  test('by a revival under another plan looks for its stage and its messages anew', async () => {
    const id = await book.aCase();
    const planVersion = await publish(book.db, atOnce);

    const turned = await book.turn(id, 'entered');

    expect(turned).toMatchObject({ stage: 'intensive-chase', kept: false, resumed: { resultCounted: false } });
    expect(await book.renewal(id)).toMatchObject({ stage: 'intensive-chase', planVersion, escalated: false });
    expect(await book.events(id)).toContain('plan-followed');
  });
});
