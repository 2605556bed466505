import { MockActivityEnvironment } from '@temporalio/testing';
import { shanghai } from '../support/given-plan.ts';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSweepActivities } from '../../activities/sweep.ts';
import { readRollout, rolloutsStandingStill, steerRollout } from '../../src/db/plans/rollout-records.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import { atOnce, later, openRolloutBook, sooner, type RolloutBook } from '../support/given-rollout.ts';

let book: RolloutBook;

beforeEach(async () => {
  book = await openRolloutBook();
});
afterEach(() => book.close());

const steer = (id: string, to: 'paused' | 'running') =>
  book.db.transaction((tx) => steerRollout(tx, { id, to, by: 'M1' }));
const change = (id: string, facts: Partial<typeof rollouts.$inferInsert>) =>
  book.db.update(rollouts).set(facts).where(eq(rollouts.id, id));

describe('A roll-out', () => {
  test('brings the books along and tells those that would sleep too long', async () => {
    const ids = [await book.aCase(), await book.aCase()];
    const rolloutId = await book.aRollout(sooner);

    const progress = await book.rollOut(rolloutId);

    expect(progress).toMatchObject({ state: 'completed', total: 2, looked: 2, followed: 2, nudged: 2 });
    const { planVersion } = (await readRollout(book.db, rolloutId))!;
    expect(book.told).toEqual(ids.toSorted().map((id) => [id, { key: `replan.${planVersion}`, kind: 'replanned' }]));
    expect(await book.renewal(ids[0]!)).toMatchObject({ planVersion, armedPlanVersion: 1 });
    expect(await book.renewal(ids[0]!)).toMatchObject({ nextAction: 'stage:intensive-chase' });
  });

  test('tells nobody who only waits longer now', async () => {
    const id = await book.aCase();
    const rolloutId = await book.aRollout(later);

    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 1, followed: 1, nudged: 0 });

    expect(book.told).toEqual([]);
    expect((await book.renewal(id)).planVersion).toBeGreaterThan(1);
  });

  test('that dies before a word is out finds the case again, and whoever was told is not told once more', async () => {
    const ids = [await book.aCase(), await book.aCase(), await book.aCase()].toSorted();
    const rolloutId = await book.aRollout(sooner);
    const dying = async (id: string, notice: Notice) => {
      if (id === ids[1]) throw new Error('killed');
      return book.hear(id, notice);
    };

    await expect(book.rollOut(rolloutId, dying)).rejects.toThrow('killed');
    expect(book.toldIds()).toEqual([ids[0]]);
    expect((await book.renewal(ids[1]!)).planVersion).toBeGreaterThan(1);
    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 3, nudged: 3 });

    expect(book.toldIds()).toEqual(ids);
  });

  test('that is paused stands still after the cases it is at, and goes on with the next ones', async () => {
    const ids: string[] = [];
    for (let one = 0; one < 12; one += 1) ids.push(await book.aCase());
    const rolloutId = await book.aRollout(sooner);
    const pausing = async (id: string, notice: Notice) => {
      if (book.told.length === 3) await steer(rolloutId, 'paused');
      return book.hear(id, notice);
    };

    expect(await book.rollOut(rolloutId, pausing)).toMatchObject({ state: 'paused', looked: 10 });
    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'paused', looked: 10 });
    await steer(rolloutId, 'running');
    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 12 });

    expect(book.toldIds().toSorted()).toEqual(ids.toSorted());
    const entries = await book.db
      .select()
      .from(journal)
      .where(eq(journal.chain, 'stage-plans'))
      .orderBy(journal.sequence);
    expect(entries.map(({ event }) => event)).toEqual(['rollout-paused', 'rollout-resumed', 'rollout-completed']);
  });

  test('leaves the rest to a newer one that took its place', async () => {
    await book.aCase();
    const rolloutId = await book.aRollout(sooner);
    await change(rolloutId, { state: 'superseded' });

    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'superseded', looked: 0 });
    expect(book.told).toEqual([]);
  });

  test('comes back to a case that was opened under the plan before while it passed', async () => {
    const id = await book.aCase();
    const rolloutId = await book.aRollout(sooner);
    await change(rolloutId, { cursor: 'z', progressedAt: new Date() });

    expect(await book.rollOut(rolloutId)).toMatchObject({ state: 'completed', looked: 1, nudged: 1 });
    expect(book.toldIds()).toEqual([id]);
  });

  test('ends although a case whose stage turns has no workflow that could turn it', async () => {
    const id = await book.aCase();
    const rolloutId = await book.aRollout(atOnce);

    expect(await book.rollOut(rolloutId, async () => false)).toMatchObject({ state: 'completed', nudged: 1 });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', planVersion: 1 });
  });
});

describe('The sweeper', () => {
  const moved = (id: string, interval: string) =>
    book.db.execute(sql`update rollouts set progressed_at = now() - ${interval}::interval where id = ${id}`);

  test('finds a roll-out that nobody started or that stands still, and leaves a paused one alone', async () => {
    const id = await book.aRollout(sooner);
    expect(await rolloutsStandingStill(book.db)).toEqual([id]);
    await moved(id, '10 seconds');
    expect(await rolloutsStandingStill(book.db)).toEqual([]);
    await moved(id, '5 minutes');
    expect(await rolloutsStandingStill(book.db)).toEqual([id]);
    await change(id, { state: 'paused' });
    expect(await rolloutsStandingStill(book.db)).toEqual([]);
  });

  test('starts it and counts it', async () => {
    const id = await book.aRollout(sooner);
    const started: string[] = [];
    const nothing = async () => {};
    const { sweep } = createSweepActivities({
      db: book.db,
      calendar: shanghai,
      startCase: nothing,
      reviveCase: async () => false,
      settleResult: nothing,
      notifyCase: nothing,
      tellHold: nothing,
      tellHandover: nothing,
      tellConcession: nothing,
      startRollout: async (rolloutId) => void started.push(rolloutId),
    });

    expect(await new MockActivityEnvironment().run(sweep)).toMatchObject({ rollouts: 1 });
    expect(started).toEqual([id]);
  });
});
