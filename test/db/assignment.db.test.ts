import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { moveTasksOfAbsent } from '../../src/db/tasks/cover-absence.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { absences, staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addLeave, addPerson, addTask } from '../support/given-work.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await addPerson(book.db, { id: 'X2', role: 'specialist' });
  await addPerson(book.db, { id: 'X3', role: 'specialist' });
  await addPerson(book.db, { id: 'A9', role: 'agent', teamId: 'T2' });
});
afterEach(async () => {
  await book.db.delete(absences);
  await book.db.delete(tasks);
  await book.db.update(staff).set({ departedOn: null, customerCapacity: null, contactsPerDay: null });
});
afterAll(() => book.close());

const change = (id: string, set: Partial<typeof staff.$inferInsert>) =>
  book.db.update(staff).set(set).where(eq(staff.id, id));

/** Who has the work with which a case opens at T-60, 2027-01-30, and why. */
async function given(kind: string): Promise<string> {
  await book.setTime(60);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  const task = (await book.tasks(id)).find((one) => one.kind === kind)!;
  return `${task.assigneeId ?? task.role}: ${task.assignedBecause}`;
}

describe('The file check of a case', () => {
  test('is for its own specialist, and due by the working calendar', async () => {
    expect(await given('file-check')).toBe('X1: own-customer');
    const [task] = await book.db.select().from(tasks).where(eq(tasks.kind, 'file-check'));
    expect(task?.dueAt.toISOString()).toBe('2027-02-02T10:00:00.000Z');
  });

  test('goes to the least loaded other specialist while that one is on leave, and the journal says so', async () => {
    await addLeave(book.db, { staffId: 'X1', fromOn: '2027-01-29', toOn: '2027-01-30' });
    await addTask(book.db, { assigneeId: 'X2' });
    expect(await given('file-check')).toBe('X3: cover-absence');
    const entries = await book.db.select().from(journal).where(eq(journal.event, 'task-given:file-check'));
    expect(entries.at(-1)).toMatchObject({ actor: 'system', reason: 'cover-absence', inputs: { assigneeId: 'X3' } });
  });

  test('goes to another one when that one has as many customers as one can have', async () => {
    await change('X1', { customerCapacity: 1 });
    expect(await given('file-check')).toBe('X1: own-customer');
    expect(await given('file-check')).toBe('X2: cover-load');
  });

  test('waits in the queue when every specialist of the branch is away, has left or is full', async () => {
    await addLeave(book.db, { staffId: 'X1', fromOn: '2027-01-30', toOn: '2027-01-30' });
    await change('X2', { departedOn: '2027-01-01' });
    await change('X3', { customerCapacity: 0 });
    expect(await given('file-check')).toBe('specialist: queue');
  });
});

describe('The agent’s work', () => {
  test('goes to the team, never to another team, when the agent has left', async () => {
    await change('A1', { departedOn: '2027-01-15' });
    expect(await given('accept-entry')).toBe('A2: cover-departure');
  });

  test('waits in the team’s queue when all of the team are away', async () => {
    await addLeave(book.db, { staffId: 'A1', fromOn: '2027-01-20', toOn: '2027-02-20' });
    await addLeave(book.db, { staffId: 'A2', fromOn: '2027-01-20', toOn: '2027-02-20' });
    expect(await given('accept-entry')).toBe('agent: queue');
  });
});

test('a case whose step is asked for again keeps the people whom its tasks were given to', async () => {
  await book.setTime(60);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  await addLeave(book.db, { staffId: 'X1', fromOn: '2027-01-20', toOn: '2027-02-20' });
  await book.turn(id, 'expiry-corrected', { from: 'preparation' });
  const checks = (await book.tasks(id)).filter(({ kind }) => kind === 'file-check');
  expect(checks.map(({ assigneeId }) => assigneeId)).toEqual(['X1']);
});

describe('Leave that is recorded', () => {
  const leave = { staffId: 'X1', fromOn: '2027-02-01', toOn: '2027-02-05' };
  const move = async (): Promise<number> => {
    await addLeave(book.db, leave);
    return book.db.transaction((tx) => moveTasksOfAbsent(tx, leave, shanghai));
  };
  const dueAt = new Date('2027-02-04T10:00:00Z');

  test('spreads the open tasks that are due on its days over the others, and leaves the rest', async () => {
    await book.setTime(60);
    const ids = [];
    for (let count = 0; count < 4; count += 1) ids.push(await addTask(book.db, { assigneeId: 'X1', dueAt }));
    const after = await addTask(book.db, { assigneeId: 'X1', dueAt: new Date('2027-02-05T16:00:00Z') });
    const done = await addTask(book.db, { assigneeId: 'X1', dueAt, state: 'completed' });
    expect(await move()).toBe(4);
    const rows = await book.db.select().from(tasks);
    const holders = ids.map((id) => rows.find((row) => row.id === id)?.assigneeId);
    expect(holders.toSorted()).toEqual(['X2', 'X2', 'X3', 'X3']);
    expect(rows.filter(({ assigneeId }) => assigneeId === 'X1').map(({ id }) => id)).toEqual([after, done]);
    const entries = await book.db.select().from(journal).where(eq(journal.event, 'task-moved:file-check'));
    expect(entries.map(({ inputs }) => (inputs as { from: string }).from)).toEqual(['X1', 'X1', 'X1', 'X1']);
  });

  test('puts them into the queue when nobody else is there', async () => {
    await change('X2', { departedOn: '2027-01-01' });
    await change('X3', { departedOn: '2027-01-01' });
    const id = await addTask(book.db, { assigneeId: 'X1', dueAt });
    await move();
    const [row] = await book.db.select().from(tasks).where(eq(tasks.id, id));
    expect(row).toMatchObject({ assigneeId: null, assignedBecause: 'queue', state: 'open' });
  });
});
