import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { Following } from '../../src/renewal/follow-plan.ts';
import type { Stage, StagePlan } from '../../src/renewal/stage-plan.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { publish, withBoundary, withStage } from '../support/given-plans.ts';
import { openRolloutBook, type RolloutBook } from '../support/given-rollout.ts';

let book: RolloutBook;

beforeEach(async () => {
  book = await openRolloutBook();
});
afterEach(() => book.close());

async function aCaseAt(daysBefore: number): Promise<string> {
  await book.setTime(daysBefore);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

/** A case that nobody was given, two days after its preparation ended: the call centre has it. */
async function anEscalatedCase(): Promise<string> {
  const id = await aCaseAt(50);
  await book.setTime(44);
  await book.turn(id, 'calendar', { from: 'preparation' });
  return id;
}

/** Publishes a plan, says what it would do to the case, and lets the case follow it. */
async function replan(id: string, plan: StagePlan): Promise<Following> {
  await publish(book.db, plan);
  const followed = await book.follow(id);
  const { stage } = await book.renewal(id);
  await book.turn(id, 'replanned', { from: stage as Stage });
  if (followed.kind !== 'follows') throw new Error('The case follows already.');
  return followed.following;
}

const openTasks = async (id: string): Promise<string[]> =>
  (await book.tasks(id)).flatMap((task) => (task.state === 'open' ? [nameOf(task.key)] : [])).toSorted();
const nameOf = (key: string): string => key.split('/').slice(1).join('/');
const said = ({ tasks: changes }: Following): string[] =>
  changes.map(({ kind, occasion, change }) => `${change} ${kind}/${occasion}`);

async function addTask(id: string, { kind, occasion }: { kind: string; occasion: string }): Promise<void> {
  const [first] = (await book.tasks(id)).filter((task) => task.kind === 'phone-attempt');
  await book.db
    .insert(tasks)
    .values({ ...first!, id: uuidv7(), kind, key: `${id}/${kind}/${occasion}`, state: 'open' });
}

describe('A case that another plan takes back to a stage out of which it had escalated', () => {
  const longer = withBoundary('preparation', 'follow-up', 40);

  test('loses the escalation, as the preview says', async () => {
    const id = await anEscalatedCase();
    const there = await replan(id, longer);
    expect(said(there)).toContain('dropped call-centre-case/preparation');
    expect(await openTasks(id)).not.toContain('call-centre-case/preparation');
    expect(await book.renewal(id)).toMatchObject({ stage: 'preparation', callCentreSince: null });
  });

  test('has it again by the plan of before, as the preview says', async () => {
    const id = await anEscalatedCase();
    const before = await openTasks(id);
    await replan(id, longer);
    const back = await replan(id, defaultStagePlan);
    expect(said(back)).toContain('added call-centre-case/preparation');
    expect(await openTasks(id)).toEqual(before);
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', callCentreSince: expect.any(Date) });
    expect(await book.events(id)).toContain('returned-to-call-centre');
  });

  test('stays with somebody of the call centre who has taken it', async () => {
    const id = await anEscalatedCase();
    await book.db.update(tasks).set({ assigneeId: 'C1' }).where(eq(tasks.kind, 'call-centre-case'));
    const there = await replan(id, longer);
    expect(said(there)).not.toContain('dropped call-centre-case/preparation');
    expect(await openTasks(id)).toContain('call-centre-case/preparation');
  });

  test('does not have it again once the result is there', async () => {
    const id = await anEscalatedCase();
    await replan(id, longer);
    await book.db.update(renewals).set({ resultCounted: true }).where(eq(renewals.id, id));
    const back = await replan(id, defaultStagePlan);
    expect(said(back)).not.toContain('added call-centre-case/preparation');
    expect(await openTasks(id)).not.toContain('call-centre-case/preparation');
  });
});

describe('Work that follows from what happened in a stage', () => {
  test('goes with the stage and comes back with it, as the preview says', async () => {
    const id = await aCaseAt(14);
    await book.db.update(tasks).set({ state: 'completed' }).where(eq(tasks.kind, 'phone-attempt'));
    await addTask(id, { kind: 'phone-attempt', occasion: '2' });
    await addTask(id, { kind: 'second-visit', occasion: 'visit' });
    const before = await openTasks(id);
    const there = await replan(id, withBoundary('intensive-chase', 'wrap-up', 14));
    expect(said(there)).toEqual(expect.arrayContaining(['dropped phone-attempt/2', 'dropped second-visit/visit']));
    const back = await replan(id, defaultStagePlan);
    expect(said(back)).toEqual(expect.arrayContaining(['added phone-attempt/2', 'added second-visit/visit']));
    expect(await openTasks(id)).toEqual(before);
  });

  test('gets the deadline that the preview says where another stage asks for it', async () => {
    const id = await aCaseAt(14);
    await book.setTime(12);
    const shorter = withBoundary('intensive-chase', 'wrap-up', 13);
    const called = shorter.stages.find(({ stage }) => stage === 'wrap-up')!.tasks;
    const plan = withStage(
      'wrap-up',
      { tasks: [...called, { kind: 'phone-attempt' }] },
      withStage('intensive-chase', { touches: [], tasks: [{ kind: 'firm-quote' }] }, shorter),
    );
    const { tasks: changes } = await replan(id, plan);
    const [attempt] = (await book.tasks(id)).filter(({ kind }) => kind === 'phone-attempt');
    expect(changes).toContainEqual(
      expect.objectContaining({ kind: 'phone-attempt', change: 'moved', dueAt: attempt!.dueAt.getTime() }),
    );
  });

  test('is taken away in its own stage alone', async () => {
    await publish(book.db, withStage('follow-up', { tasks: [{ kind: 'first-contact' }, { kind: 'file-check' }] }));
    const id = await anEscalatedCase();
    const { tasks: changes } = await replan(id, defaultStagePlan);
    expect(changes).toMatchObject([{ kind: 'file-check', occasion: 'follow-up', change: 'dropped' }]);
    expect(await openTasks(id)).toContain('file-check/preparation');
  });
});

describe('What the workflow of a case has yet to hear', () => {
  test('of a corrected expiry it is told, also once its books follow another plan', async () => {
    const id = await aCaseAt(50);
    const corrected = { expiresOn: '2027-04-03', expiryRevision: 1 };
    await book.db.update(renewals).set(corrected).where(eq(renewals.id, id));
    await publish(book.db, { ...defaultStagePlan, graceDays: 4 });
    await book.follow(id);
    expect(await book.renewal(id)).toMatchObject({ armedRevision: 0, planVersion: 2 });
    await book.turn(id, 'expiry-corrected', { from: 'preparation' });
    expect(await book.renewal(id)).toMatchObject({ armedRevision: 1 });
  });

  test('how many attempts giving up takes wakes no case: it hears of it with every stage', async () => {
    const id = await aCaseAt(40);
    expect(await replan(id, { ...defaultStagePlan, minimumAttempts: 5 })).toMatchObject({ nudge: false });
    await book.setTime(29);
    const turned = await book.turn(id, 'calendar', { from: 'follow-up' });
    expect(turned).toMatchObject({ stage: 'intensive-chase', minimumAttempts: 5 });
  });

  test('a second round that would outlast the case ends with it', async () => {
    const id = await aCaseAt(0);
    const dueAt = new Date(daysBeforeT(-3, { minute: 600 }));
    await book.db
      .update(renewals)
      .set({ secondRoundDueAt: dueAt, secondRoundReason: 'price' })
      .where(eq(renewals.id, id));
    const [any] = await book.tasks(id);
    const round = { kind: 'second-round', key: `${id}/second-round/declined`, state: 'open', dueAt };
    await book.db.insert(tasks).values({ ...any!, id: uuidv7(), ...round });
    const shortened = await replan(id, { ...defaultStagePlan, graceDays: 0 });
    const closesAt = shortened.after.at;
    expect(closesAt).toBeLessThan(dueAt.getTime());
    expect(shortened.tasks).toMatchObject([{ kind: 'second-round', change: 'moved', dueAt: closesAt }]);
    expect(await book.renewal(id)).toMatchObject({ secondRoundDueAt: new Date(closesAt), holdRevision: 1 });
    const [task] = (await book.tasks(id)).filter(({ kind }) => kind === 'second-round');
    expect(task).toMatchObject({ dueAt: new Date(closesAt) });
  });
});

test('a result that counts by the plan now in force is not missed because it did not count before', async () => {
  await publish(book.db, withStage('preparation', { counts: 'effective-contact' }));
  const id = await aCaseAt(50);
  await book.db
    .update(renewals)
    .set({ confirmedAt: new Date(0) })
    .where(eq(renewals.id, id));
  await publish(book.db, defaultStagePlan);
  await book.follow(id);
  await book.setTime(44);
  expect(await book.turn(id, 'calendar', { from: 'preparation' })).toMatchObject({ escalated: false });
});
