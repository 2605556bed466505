import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPerson } from '../../src/db/staff/staff-records.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { draw } from '../../src/rehearsal/draw.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { rankTask } from '../../src/renewal/worklist.ts';
import { listTasks, type TaskRequest } from '../../src/reporting/task-list.ts';
import { worklistScore } from '../../src/reporting/worklist-score.ts';
import type { Viewer } from '../../src/reporting/scope/viewer.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { addPerson, addTask } from '../support/given-work.ts';

let book: Book;
let viewer: Viewer;
const now = daysBeforeT(60);
const rows = 300;

beforeAll(async () => {
  book = await openBook();
  await addPerson(book.db, { id: 'M1', role: 'channel-manager' });
  viewer = (await findPerson(book.db, 'X1', 'Asia/Shanghai'))!;
  for (let row = 0; row < rows; row += 1) {
    await addTask(book.db, {
      assigneeId: 'X1',
      value: (draw(`value ${row}`) * 120_000).toFixed(2),
      priority: Math.floor(draw(`priority ${row}`) * 101),
      dueAt: new Date(now + Math.floor((draw(`due ${row}`) * 60 - 20) * dayMs)),
    });
  }
  // Two that only their ids tell apart.
  for (let twin = 0; twin < 2; twin += 1)
    await addTask(book.db, { assigneeId: 'X1', value: '7.00', dueAt: new Date(now) });
});
afterAll(() => book.close());

async function pagesOf(request: Partial<TaskRequest>, limit: number): Promise<(typeof tasks.$inferSelect)[]> {
  const seen: (typeof tasks.$inferSelect)[] = [];
  let from: TaskRequest['from'];
  do {
    const asked: TaskRequest = { viewer, filters: { assignee: 'me' }, sort: 'worklist', now, ...request, from, limit };
    const page = await listTasks(book.db, asked);
    seen.push(...page.map(({ task }) => task));
    const last = page.at(-1);
    from = last && { sortValue: last.sortValue, priority: last.task.priority, id: last.task.id };
  } while (from);
  return seen;
}

describe('The worklist in SQL', () => {
  test('gives every task the very score of the rule', async () => {
    const scored = await book.db.select({ task: tasks, score: sql<number>`${worklistScore(now)}` }).from(tasks);
    expect(scored).toHaveLength(rows + 2);
    const differing = scored.filter(
      ({ task, score }) => rankTask({ ...task, dueAt: task.dueAt.getTime() }, now).score !== score,
    );
    expect(differing).toEqual([]);
  });

  test('is read page by page in the order of the rule, each task once', async () => {
    const listed = await pagesOf({}, 17);
    const ranked = listed.map((task) => rankTask({ ...task, dueAt: task.dueAt.getTime() }, now).score);
    expect(ranked).toEqual(ranked.toSorted((one, other) => other - one));
    expect(new Set(listed.map(({ id }) => id)).size).toBe(rows + 2);
  });

  test('by due time goes by due time, then priority', async () => {
    const listed = await pagesOf({ sort: 'dueAt' }, 50);
    const due = listed.map(({ dueAt }) => dueAt.getTime());
    expect(due).toEqual(due.toSorted((one, other) => one - other));
    expect(listed).toHaveLength(rows + 2);
  });

  test('hides what starts later until it starts', async () => {
    const id = await addTask(book.db, { assigneeId: 'A1', role: 'agent', startsAt: new Date(now + dayMs) });
    const agent = (await findPerson(book.db, 'A1', 'Asia/Shanghai'))!;
    const idsAt = async (at: number) => (await pagesOf({ viewer: agent, now: at }, 10)).map((task) => task.id);
    expect(await idsAt(now + dayMs - 1)).toEqual([]);
    expect(await idsAt(now + dayMs)).toEqual([id]);
  });

  test('of the manager in charge holds what they join', async () => {
    const joined = await addTask(book.db, { assigneeId: 'X1', managerId: 'M1' });
    const manager = (await findPerson(book.db, 'M1', 'Asia/Shanghai'))!;
    const listed = await pagesOf({ viewer: manager, filters: { joined: 'me' } }, 10);
    expect(listed.map(({ id }) => id)).toEqual([joined]);
  });
});
