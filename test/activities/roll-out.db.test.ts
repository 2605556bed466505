import { MockActivityEnvironment } from '@temporalio/testing';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { followPlanInBooks } from '../../activities/follow-plan.ts';
import { createRolloutActivities } from '../../activities/rollout.ts';
import { createStrayActivities } from '../../activities/strays.ts';
import { lockFleet } from '../../src/db/cases/case-locks.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { readRollout, rolloutsStandingStill, steerRollout } from '../../src/db/plans/rollout-records.ts';
import { journal } from '../../src/db/schema/journal.ts';

import { rollouts } from '../../src/db/schema/stage-plans.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { publish, withBoundary, withTouches } from '../support/given-plans.ts';

let book: Book;
let told: [string, Notice][];

beforeEach(async () => {
  book = await openBook();
  told = [];
});
afterEach(() => book.close());

/** At T-40: a case in follow-up that goes back to preparation, one that opens the next stage sooner, one that waits longer. */
const shorter = withBoundary('follow-up', 'intensive-chase', 35);
const longer = withBoundary('follow-up', 'intensive-chase', 25);
const atOnce = withBoundary('follow-up', 'intensive-chase', 41);

async function aCase(): Promise<string> {
  await book.setTime(40);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

async function aRollout(plan: StagePlan, nudgesPerSecond = 50): Promise<string> {
  const id = uuidv7();
  const planVersion = await publish(book.db, plan);
  const facts = { planVersion, state: 'running' as const, nudgesPerSecond, startedBy: 'M1', startedAt: new Date() };
  await book.db.insert(rollouts).values({ id, ...facts });
  return id;
}

type Tell = (renewalId: string, notice: Notice) => Promise<unknown>;

const hear: Tell = async (renewalId, notice) => void told.push([renewalId, notice]);

function rollOut(rolloutId: string, notifyCase: Tell = hear) {
  const { followPlan } = createRolloutActivities({ db: book.db, calendar: shanghai, notifyCase });
  return new MockActivityEnvironment().run(followPlan, { rolloutId });
}

function lookForStrays() {
  const { followStrays } = createStrayActivities({ db: book.db, calendar: shanghai, notifyCase: hear });
  return new MockActivityEnvironment().run(followStrays);
}

const toldIds = (): string[] => told.map(([id]) => id);
const booksOf = async (id: string) => {
  const { stage, planVersion, nextAction, nextActionAt, stageEndsAt } = await book.renewal(id);
  const rows = (await book.messages(id)).map(({ touch, channel, state, dueAt }) => ({ touch, channel, state, dueAt }));
  const work = (await book.tasks(id)).map(({ kind, state, dueAt }) => ({ kind, state, dueAt }));
  return { stage, planVersion, nextAction, nextActionAt, stageEndsAt, rows, work };
};

describe('A roll-out', () => {
  test('brings the books along, tells those that would sleep too long, and leaves the others alone', async () => {
    const ids = [await aCase(), await aCase()];
    const rolloutId = await aRollout(shorter);

    expect(await rollOut(rolloutId)).toMatchObject({ state: 'completed', total: 2, looked: 2, followed: 2, nudged: 2 });

    const planVersion = (await readRollout(book.db, rolloutId))!.planVersion;
    expect(told).toEqual(ids.toSorted().map((id) => [id, { key: `replan.${planVersion}`, kind: 'replanned' }]));
    expect(await book.renewal(ids[0]!)).toMatchObject({
      planVersion,
      armedPlanVersion: 1,
      nextAction: 'stage:intensive-chase',
    });
  });

  test('tells nobody who only waits longer now', async () => {
    const id = await aCase();
    const rolloutId = await aRollout(longer);

    expect(await rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 1, followed: 1, nudged: 0 });

    expect(toldIds()).toEqual([]);
    expect((await book.renewal(id)).planVersion).toBeGreaterThan(1);
  });

  test('that dies before a word is out finds the case again, and whoever was told is not told once more', async () => {
    const ids = (await Promise.all([aCase(), aCase(), aCase()])).toSorted();
    const rolloutId = await aRollout(shorter);
    const dying: Tell = async (id, notice) => {
      if (id === ids[1]) throw new Error('killed');
      return hear(id, notice);
    };

    await expect(rollOut(rolloutId, dying)).rejects.toThrow('killed');
    expect(toldIds()).toEqual([ids[0]]);
    expect((await book.renewal(ids[1]!)).planVersion).toBeGreaterThan(1);
    expect(await rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 3, nudged: 3 });

    expect(toldIds()).toEqual(ids);
  });

  test('that is paused stands still after the cases it is at, and goes on with the next ones', async () => {
    const ids: string[] = [];
    for (let one = 0; one < 12; one += 1) ids.push(await aCase());
    const rolloutId = await aRollout(shorter);
    const pausing: Tell = async (id, notice) => {
      if (told.length === 3)
        await book.db.transaction((tx) => steerRollout(tx, { id: rolloutId, to: 'paused', by: 'M1' }));
      return hear(id, notice);
    };

    expect(await rollOut(rolloutId, pausing)).toMatchObject({ state: 'paused', looked: 10 });
    expect(await rollOut(rolloutId)).toMatchObject({ state: 'paused', looked: 10 });
    await book.db.transaction((tx) => steerRollout(tx, { id: rolloutId, to: 'running', by: 'M1' }));
    expect(await rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 12 });

    expect(toldIds().toSorted()).toEqual(ids.toSorted());
    const events = await book.db.select({ event: journal.event }).from(journal).where(eq(journal.chain, 'stage-plans'));
    expect(events.map(({ event }) => event)).toEqual(['rollout-paused', 'rollout-resumed', 'rollout-completed']);
  });

  test('leaves the rest to a newer one that took its place', async () => {
    await aCase();
    const rolloutId = await aRollout(shorter);
    await book.db.update(rollouts).set({ state: 'superseded' }).where(eq(rollouts.id, rolloutId));

    expect(await rollOut(rolloutId)).toMatchObject({ state: 'superseded', looked: 0 });
    expect(toldIds()).toEqual([]);
  });

  test('comes back to a case that was opened under the plan before while it passed', async () => {
    const id = await aCase();
    const rolloutId = await aRollout(shorter);
    await book.db
      .update(rollouts)
      .set({ cursor: 'z', total: 0, progressedAt: sql`now()` })
      .where(eq(rollouts.id, rolloutId));

    expect(await rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 1, nudged: 1 });
    expect(toldIds()).toEqual([id]);
  });

  test('ends although a case whose stage turns has no workflow that could turn it', async () => {
    const id = await aCase();
    const rolloutId = await aRollout(atOnce);

    expect(await rollOut(rolloutId, async () => false)).toMatchObject({ state: 'completed', nudged: 1 });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', planVersion: 1 });
  });

  test('that nobody started, or that stands still, is found by the sweeper; one that is paused is left alone', async () => {
    const rolloutId = await aRollout(shorter);
    expect(await rolloutsStandingStill(book.db)).toEqual([rolloutId]);

    const moved = (interval: string) =>
      book.db.execute(sql`update rollouts set progressed_at = now() - ${interval}::interval where id = ${rolloutId}`);
    await moved('10 seconds');
    expect(await rolloutsStandingStill(book.db)).toEqual([]);
    await moved('5 minutes');
    expect(await rolloutsStandingStill(book.db)).toEqual([rolloutId]);
    await book.db.update(rollouts).set({ state: 'paused' }).where(eq(rollouts.id, rolloutId));
    expect(await rolloutsStandingStill(book.db)).toEqual([]);
  });
});

describe('The nightly check', () => {
  test('finds a case whose nudge was lost, and tells it again', async () => {
    const id = await aCase();
    await rollOut(await aRollout(shorter), async () => {});

    expect(await lookForStrays()).toMatchObject({ looked: 1, nudged: 1 });
    expect(toldIds()).toEqual([id]);
  });

  test('leaves a case alone that only waits longer, and one that has armed the plan', async () => {
    const [waiting, awake] = [await aCase(), await aCase()];
    await rollOut(await aRollout(longer), async () => {});
    await book.turn(awake, 'replanned', { from: 'follow-up' });

    expect(await lookForStrays()).toMatchObject({ looked: 1, nudged: 0 });
    expect(toldIds()).toEqual([]);
    expect((await book.renewal(waiting)).armedPlanVersion).toBe(1);
  });

  test('brings the books of a case along that no roll-out came to', async () => {
    const id = await aCase();
    const planVersion = await publish(
      book.db,
      withTouches('intensive-chase', () => []),
    );

    await lookForStrays();
    expect(await book.renewal(id)).toMatchObject({ planVersion });
  });
});

describe('A case that is brought along', () => {
  const follow = (id: string) =>
    book.db.transaction(async (tx) => {
      const situation = await readSituation(tx, id, shanghai);
      await lockFleet(tx, situation.renewal.fleetId);
      return followPlanInBooks(tx, situation);
    });

  test('twice has the same books, and one entry that says so', async () => {
    const id = await aCase();
    await publish(book.db, shorter);
    const first = await follow(id);
    const books = await booksOf(id);

    expect(await follow(id)).toMatchObject({
      kind: 'follows',
      following: { nudge: first.kind === 'follows' && first.following.nudge },
    });
    expect(await booksOf(id)).toEqual(books);
    expect((await book.events(id)).filter((event) => event === 'plan-followed')).toHaveLength(1);
  });

  test.each([
    ['atOnce', atOnce],
    ['shorter', shorter],
    ['longer', longer],
  ])('while its own stage turns has the same books, whoever comes first (%s)', async (_, plan) => {
    const [one, other, both] = [await aCase(), await aCase(), await aCase()];
    await book.setTime(30);
    await publish(book.db, plan);
    const turn = (id: string) => book.turn(id, 'calendar', { from: 'follow-up' });

    await follow(one);
    await turn(one);
    await turn(other);
    await follow(other);
    await Promise.all([follow(both), turn(both)]);

    const plain = async (id: string) => withoutSpread(await booksOf(id));
    expect(await plain(other)).toEqual(await plain(one));
    expect(await plain(both)).toEqual(await plain(one));
  });
});

/** Each case has an offset of its own in the day. */
function withoutSpread(books: object): unknown {
  return JSON.parse(JSON.stringify(books).replaceAll(/T\d\d:\d\d:\d\d\.\d{3}Z/g, ''));
}
