import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveToOwner } from '../../src/db/cases/single-owner.ts';
import { nameNegotiator } from '../../src/db/cases/fleet-records.ts';
import type { Db } from '../../src/db/connection.ts';
import { orphanCasesOf } from '../../src/db/orphans/orphan-records.ts';
import { recordAbsence } from '../../src/db/staff/absence-records.ts';
import { moveTasksOfAbsent } from '../../src/db/tasks/cover-absence.ts';
import { claimTask } from '../../src/db/tasks/task-hands.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { deadlocksOf } from '../support/at-the-same-time.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addPerson } from '../support/given-work.ts';

let book: Book;
let people = 0;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const lost = { cause: 'second-round', outcome: { kind: 'lost', reason: 'price', renewable: true } } as const;
const close = (renewalId: string) => book.steps.closeCase({ renewalId, stamp: '', ending: lost });
const inOne = <Answer>(step: (tx: Db) => Promise<Answer>) => book.db.transaction(step);

/** Cases in follow-up of an agent of their own. */
async function casesInFollowUp(count: number, facts: { fleetNumber?: string } = {}) {
  const agentId = `W${(people += 1)}`;
  await addPerson(book.db, { id: agentId, role: 'agent' });
  await book.setTime(45);
  const ids: string[] = [];
  for (let turn = 0; turn < count; turn += 1) ids.push(await book.openCase({ agentId, ...facts }));
  for (const id of ids) await book.turn(id, 'entered');
  return { ids, agentId };
}

const openTasksOf = (ids: readonly string[]) =>
  book.db
    .select()
    .from(tasks)
    .where(and(inArray(tasks.renewalId, [...ids]), eq(tasks.state, 'open')));

describe('Fleets whose cases', () => {
  test('all close at the same moment leave nobody a task', async () => {
    const fleets: string[][] = [];
    for (let fleet = 0; fleet < 15; fleet += 1)
      fleets.push((await casesInFollowUp(6, { fleetNumber: `ALL${fleet}` })).ids);
    let deadlocks = 0;
    for (const ids of fleets) deadlocks += await deadlocksOf(ids.map((id) => () => close(id)));
    expect(deadlocks).toBe(0);
    expect((await openTasksOf(fleets.flat())).map(({ kind }) => kind)).toEqual([]);
  });

  test('turn their stage while others close and a negotiator is named keep the one task in an open case', async () => {
    let deadlocks = 0;
    for (let fleet = 0; fleet < 6; fleet += 1) {
      const { ids, agentId } = await casesInFollowUp(6, { fleetNumber: `SOME${fleet}` });
      await book.setTime(30);
      const { fleetId } = await book.renewal(ids[0]!);
      const turns = ids.slice(3).map((id) => () => book.turn(id, 'calendar', { from: 'follow-up' }));
      const named = () => inOne((tx) => nameNegotiator(tx, { fleetId: fleetId!, staffId: 'A2', by: 'S1' }, shanghai));
      const leaves = () => inOne((tx) => orphanCasesOf(tx, agentId, shanghai));
      deadlocks += await deadlocksOf([...ids.slice(0, 3).map((id) => () => close(id)), named, leaves, ...turns]);
    }
    expect(deadlocks).toBe(0);
    const onClosed = book.db
      .select()
      .from(tasks)
      .innerJoin(renewals, eq(renewals.id, tasks.renewalId))
      .where(and(eq(tasks.state, 'open'), isNotNull(renewals.outcome)));
    expect(await onClosed).toEqual([]);
  });
});

describe('While the cases of somebody turn their stage', () => {
  const stagesOf = (ids: readonly string[]) => ids.map((id) => () => book.turn(id, 'calendar', { from: 'follow-up' }));

  test('their leave is recorded', async () => {
    let deadlocks = 0;
    for (let turn = 0; turn < 6; turn += 1) {
      const { ids, agentId } = await casesInFollowUp(8);
      await book.setTime(30);
      const leave = { id: uuidv7(), staffId: agentId, fromOn: '2027-02-01', toOn: '2027-03-30' };
      const absent = () =>
        inOne(async (tx) => {
          const change = { by: 'S1', requestId: leave.id };
          await recordAbsence(tx, { ...leave, reason: null, today: '2027-03-01' }, change);
          await moveTasksOfAbsent(tx, leave, shanghai);
        });
      deadlocks += await deadlocksOf([...stagesOf(ids.slice(0, 4)), absent, ...stagesOf(ids.slice(4))]);
    }
    expect(deadlocks).toBe(0);
  });

  test('tasks are taken and owners change', async () => {
    let deadlocks = 0;
    for (let turn = 0; turn < 6; turn += 1) {
      const { ids } = await casesInFollowUp(8);
      await book.db.update(tasks).set({ assigneeId: null }).where(inArray(tasks.renewalId, ids));
      const queue = await openTasksOf(ids);
      await book.setTime(30);
      const claims = queue.map((task) => () => inOne((tx) => claimTask(tx, { taskId: task.id, by: 'A2' }, shanghai)));
      const given = ids.map(
        (renewalId) => () =>
          inOne((tx) => giveToOwner(tx, { id: uuidv7(), renewalId, ownerId: 'A1', by: 'S1' }, shanghai)),
      );
      deadlocks += await deadlocksOf([...stagesOf(ids), ...claims, ...given]);
    }
    expect(deadlocks).toBe(0);
  });
});
