import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeTask } from '../../src/cases/complete-task.ts';
import type { TemporalConnection } from '../../src/cases/connect.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { CoachingAction } from '../../src/renewal/task-answers.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await book.setTime(40);
});
afterAll(() => book.close());

/** A case in follow-up of A1, with a coaching task of S1 beside A1's own work. */
async function coached(): Promise<{ renewalId: string; taskId: string }> {
  const renewalId = await book.openCase();
  await book.turn(renewalId, 'entered');
  const taskId = uuidv7();
  const facts = { branchId: 'B01', teamId: 'T1', role: 'supervisor', assigneeId: 'S1', state: 'open' };
  const dates = { dueAt: new Date(), createdAt: new Date() };
  await book.db.insert(tasks).values({ id: taskId, key: taskId, kind: 'coaching', renewalId, ...facts, ...dates });
  return { renewalId, taskId };
}

let told: unknown[] = [];
const temporal = {
  client: {
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    workflow: {
      getHandle: (id: string) => ({
        signal: async (_signal: unknown, notice: object) => void told.push({ id, ...notice }),
      }),
    },
  },
} as unknown as TemporalConnection;

function complete(taskId: string, action: CoachingAction) {
  const deps = { db: book.db, calendar: shanghai, temporal };
  return completeTask(deps, { taskId, completion: { action }, completedBy: 'S1', id: uuidv7() });
}

const agentTasks = (renewalId: string) =>
  book.db
    .select({ assigneeId: tasks.assigneeId })
    .from(tasks)
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.role, 'agent'), eq(tasks.state, 'open')));

describe('A supervisor who coaches', () => {
  test('and takes the customer over owns the case from then on, with the work of its agent', async () => {
    const { renewalId, taskId } = await coached();
    told = [];
    expect(await agentTasks(renewalId)).toEqual([{ assigneeId: 'A1' }]);

    expect(await complete(taskId, 'took-it-over')).toMatchObject({ kind: 'completed' });

    expect((await book.renewal(renewalId)).ownerId).toBe('S1');
    expect(await agentTasks(renewalId)).toEqual([{ assigneeId: 'S1' }]);
    expect(await book.events(renewalId)).toContain('owner-changed');
    expect(told).toMatchObject([{ id: renewalId, kind: 'owner-assigned', ownerId: 'S1' }]);
  });

  test('and only helps leaves the owner', async () => {
    const { renewalId, taskId } = await coached();
    await complete(taskId, 'joined-the-call');

    expect((await book.renewal(renewalId)).ownerId).toBe('A1');
  });

  test('twice has changed the owner once', async () => {
    const { renewalId, taskId } = await coached();
    await complete(taskId, 'took-it-over');
    await complete(taskId, 'took-it-over');

    const events = await book.events(renewalId);
    expect(events.filter((event) => event === 'owner-changed')).toHaveLength(1);
  });
});
