import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { branches } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { rollouts, stagePlans } from '../../src/db/schema/stage-plans.ts';
import { later, openRolloutBook, sooner, type RolloutBook } from '../support/given-rollout.ts';

let book: RolloutBook;

beforeEach(async () => {
  book = await openRolloutBook();
  await book.db.insert(branches).values({ id: 'B02', name: 'B02' });
});
afterEach(() => book.close());

const change = (id: string, facts: Partial<typeof rollouts.$inferInsert>) =>
  book.db.update(rollouts).set(facts).where(eq(rollouts.id, id));
const pause = (id: string) => change(id, { state: 'paused', pausedBy: 'M1' });
const move = (id: string, branchId: string) => book.db.update(renewals).set({ branchId }).where(eq(renewals.id, id));

/** A case in each of two branches. */
async function twoCases(): Promise<{ ours: string; theirs: string }> {
  const [ours, theirs] = [await book.aCase(), await book.aCase()];
  await move(theirs, 'B02');
  return { ours, theirs };
}

describe('A roll-out', () => {
  test('of a branch concerns the cases of that branch alone', async () => {
    const { theirs } = await twoCases();
    const forAll = await book.aRollout(sooner);
    const ofBranch = await book.aRollout(later, { branchId: 'B02' });
    await pause(forAll);

    expect(await book.rollOut(ofBranch)).toMatchObject({ state: 'completed', total: 1, looked: 1, followed: 1 });

    expect(book.told).toEqual([]);
    expect((await book.renewal(theirs)).planVersion).toBe(3);
  });

  test('for all leaves alone the cases of a branch that has its own plan', async () => {
    const { ours } = await twoCases();
    await book.aRollout(later, { branchId: 'B02' });
    const forAll = await book.aRollout(sooner);

    expect(await book.rollOut(forAll)).toMatchObject({ state: 'completed', total: 1, looked: 1 });

    expect(book.toldIds()).toEqual([ours]);
  });

  test('that gives a branch back tells its cases of the wider plan, but not while the roll-out of that one is paused', async () => {
    const { theirs } = await twoCases();
    await book.rollOut(await book.aRollout(later, { branchId: 'B02' }));
    const forAll = await book.aRollout(sooner);
    await pause(forAll);
    const givingBack = await book.aRollout(later, { branchId: 'B02', followsWider: true });

    expect(await book.rollOut(givingBack)).toMatchObject({ state: 'completed', looked: 0 });
    expect(book.told).toEqual([]);
    await change(forAll, { state: 'running' });
    await book.rollOut(forAll);

    expect(book.toldIds()).toContain(theirs);
  });

  test('that gives a branch back tells its cases, and no others', async () => {
    const { theirs } = await twoCases();
    await book.rollOut(await book.aRollout(later, { branchId: 'B02' }));
    await book.aRollout(sooner);
    const givingBack = await book.aRollout(later, { branchId: 'B02', followsWider: true });

    expect(await book.rollOut(givingBack)).toMatchObject({ state: 'completed', looked: 1 });

    expect(book.toldIds()).toEqual([theirs]);
    expect(await book.db.$count(stagePlans, eq(stagePlans.inForce, true))).toBe(1);
  });
});

describe('The nightly check', () => {
  test('leaves alone the cases of a roll-out that is paused, and looks after all others', async () => {
    const { ours, theirs } = await twoCases();
    await pause(await book.aRollout(sooner));
    await change(await book.aRollout(sooner, { branchId: 'B02' }), { state: 'completed' });

    expect(await book.lookForStrays()).toMatchObject({ looked: 1, followed: 1, nudged: 1 });

    expect(book.toldIds()).toEqual([theirs]);
    expect((await book.renewal(ours)).planVersion).toBe(1);
  });

  test('neither locks nor writes at a case that only waits longer', async () => {
    const { ours } = await twoCases();
    await book.rollOut(await book.aRollout(later));

    const found = await book.db.transaction(async (tx) => {
      await tx.select().from(renewals).where(eq(renewals.id, ours)).for('update');
      return book.lookForStrays();
    });

    expect(found).toMatchObject({ looked: 2, followed: 0, nudged: 0 });
  });
});
