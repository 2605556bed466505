import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { changePerson } from '../../src/db/staff/staff-upkeep.ts';
import { deadlocksOf } from '../support/at-the-same-time.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addPerson, addTask } from '../support/given-work.ts';

let book: Book;
let people = 0;

beforeAll(async () => {
  book = await openBook();
  await book.setTime(40);
});
afterAll(() => book.close());

/** An agent of T1 with open cases in follow-up, each with a task of the team's supervisor. */
async function anAgentWithCases(count: number): Promise<{ agentId: string; ids: string[] }> {
  const agentId = `M${(people += 1)}`;
  await addPerson(book.db, { id: agentId, role: 'agent' });
  const ids: string[] = [];
  for (let turn = 0; turn < count; turn += 1) ids.push(await book.openCase({ agentId }));
  for (const renewalId of ids) {
    await book.turn(renewalId, 'entered');
    await addTask(book.db, { renewalId, kind: 'coaching', role: 'supervisor', teamId: 'T1', assigneeId: 'S1' });
  }
  return { agentId, ids };
}

const move = (id: string, teamId: string) =>
  changePerson(book.db, { id, teamId }, { by: 'admin', requestId: uuidv7(), calendar: shanghai });
const teamsOf = (renewalId: string) =>
  book.db
    .selectDistinct({ teamId: tasks.teamId, assigneeId: tasks.assigneeId })
    .from(tasks)
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.role, 'supervisor'), eq(tasks.state, 'open')));

describe('Somebody who moves to another team', () => {
  test('brings the open cases along, and the tasks of a supervisor to the one of that team', async () => {
    const { agentId, ids } = await anAgentWithCases(2);
    expect(await move(agentId, 'T2')).toMatchObject({ kind: 'done' });

    for (const id of ids) {
      expect(await book.renewal(id)).toMatchObject({ ownerId: agentId, teamId: 'T2' });
      expect(await teamsOf(id)).toEqual([{ teamId: 'T2', assigneeId: 'S2' }]);
      expect(await book.events(id)).toContain('team-changed');
    }
  });

  test('leaves what has closed with the team that closed it', async () => {
    const { agentId, ids } = await anAgentWithCases(1);
    await book.db.update(renewals).set({ outcome: 'lost' }).where(eq(renewals.id, ids[0]!));
    await move(agentId, 'T2');

    expect((await book.renewal(ids[0]!)).teamId).toBe('T1');
  });

  test('whose name alone changes moves nothing', async () => {
    const { agentId, ids } = await anAgentWithCases(1);
    await changePerson(
      book.db,
      { id: agentId, name: '王芳' },
      { by: 'admin', requestId: uuidv7(), calendar: shanghai },
    );

    expect((await book.renewal(ids[0]!)).teamId).toBe('T1');
    expect(await book.events(ids[0]!)).not.toContain('team-changed');
  });

  test('does so while the cases turn their stage, without a deadlock', async () => {
    let deadlocks = 0;
    for (let turn = 0; turn < 4; turn += 1) {
      await book.setTime(40);
      const { agentId, ids } = await anAgentWithCases(6);
      await book.setTime(30);
      const turns = ids.map((id) => () => book.turn(id, 'calendar', { from: 'follow-up' }));
      deadlocks += await deadlocksOf([...turns.slice(0, 3), () => move(agentId, 'T2'), ...turns.slice(3)]);
      for (const id of ids) expect((await book.renewal(id)).teamId).toBe('T2');
    }
    expect(deadlocks).toBe(0);
  });
});
