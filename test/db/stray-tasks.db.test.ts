import { MockActivityEnvironment } from '@temporalio/testing';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSweepActivities, type Swept } from '../../activities/sweep.ts';
import { closedCasesWithTasks } from '../../src/db/tasks/stray-tasks.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addTask } from '../support/given-work.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const lost = { cause: 'second-round', outcome: { kind: 'lost', reason: 'price', renewable: true } } as const;

function sweep(): Promise<Swept> {
  const nothing = async () => {};
  const activities = createSweepActivities({
    db: book.db,
    calendar: shanghai,
    startCase: nothing,
    reviveCase: async () => false,
    settleResult: nothing,
    notifyCase: nothing,
    tellHold: nothing,
    tellHandover: nothing,
    tellConcession: nothing,
    startRollout: nothing,
  });
  return new MockActivityEnvironment().run(activities.sweep);
}

test('the sweeper takes a task away that stayed open on a closed case, and leaves the checks of a closed one', async () => {
  await book.setTime(45);
  const id = await book.openCase();
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: lost });
  const stray = await addTask(book.db, { renewalId: id, kind: 'first-contact', role: 'agent' });
  const check = await addTask(book.db, { renewalId: id, kind: 'call-back-check', role: 'channel-manager' });
  expect(await closedCasesWithTasks(book.db, 100)).toEqual([id]);
  expect((await sweep()).taken).toBe(1);
  const rows = await book.db.select().from(tasks).where(eq(tasks.renewalId, id));
  expect(rows.find((task) => task.id === stray)).toMatchObject({ state: 'dropped', droppedReason: 'case-closed:lost' });
  expect(rows.find((task) => task.id === check)).toMatchObject({ state: 'open' });
  expect((await book.events(id)).at(-1)).toBe('tasks-taken-away');
  expect((await sweep()).taken).toBe(0);
});

test('the task of a fleet that stayed on its closed case goes on with the next vehicle', async () => {
  await book.setTime(45);
  const [first, second] = [await book.openCase({ fleetNumber: 'F1' }), await book.openCase({ fleetNumber: 'F1' })];
  await book.turn(first, 'entered');
  await book.steps.closeCase({ renewalId: first, stamp: '', ending: lost });
  await book.turn(second, 'entered');
  const given = (await book.tasks(second)).find(({ kind }) => kind === 'first-contact')!;
  await book.db.update(tasks).set({ renewalId: first }).where(eq(tasks.id, given.id));
  await sweep();
  const [task] = await book.db.select().from(tasks).where(eq(tasks.id, given.id));
  expect(task).toMatchObject({ renewalId: second, state: 'open' });
  expect(await closedCasesWithTasks(book.db, 100)).toEqual([]);
});
