import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { closeRenewal } from '../../src/db/cases/close-records.ts';
import { handovers } from '../../src/db/schema/handovers.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { monday, openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { shanghai } from '../support/given-plan.ts';

let book: HandoverBook;
let at: HandoverBook['at'];
let departureOf: HandoverBook['departureOf'];
let decide: HandoverBook['decide'];
let answer: HandoverBook['answer'];

beforeAll(async () => {
  book = await openHandoverBook();
  ({ at, departureOf, decide, answer } = book);
});
afterAll(() => book.close());

describe('an agent who leaves with eighty open cases', () => {
  test('orphans all of them at once, and the supervisor gets one task with two working days', async () => {
    const { handoverId, ids, agentId } = await departureOf(80);
    const owned = await book.db.select().from(renewals).where(eq(renewals.ownerId, agentId));
    expect(owned).toEqual([]);
    expect(await book.states(handoverId)).toEqual(ids.map(() => 'undecided'));
    const given = await book.handoverTasks(handoverId);
    expect(given).toMatchObject([{ kind: 'hand-over', assigneeId: 'S1', state: 'open' }]);
    expect(shanghai.dayOf(given[0]!.dueAt.getTime())).toBe('2027-03-03');
  });

  test('weighs as much as the premiums of its undecided cases', async () => {
    const { handoverId, ids } = await departureOf(3, { premium: '6000.00' });
    const weight = async () => (await book.handoverTasks(handoverId)).map(({ value, priority }) => [value, priority]);
    expect(await weight()).toEqual([['18000.00', 100]]);

    await decide(handoverId, { kind: 'take-over' }, { renewalIds: ids.slice(0, 1) });
    expect(await weight()).toEqual([['12000.00', 100]]);

    await decide(handoverId, { kind: 'offer', channel: 'cross-sales' });
    await answer(handoverId, false);
    expect((await weight()).at(-1)).toEqual(['12000.00', 100]);
  });

  test('tells every case once that its owner left, also when asked again', async () => {
    const { handoverId, ids } = await departureOf(3);
    await book.notify(handoverId);
    await book.notify(handoverId);
    expect(book.told().map(([id, { kind }]) => [id, kind])).toEqual(ids.toSorted().map((id) => [id, 'owner-left']));
  });

  test('reported twice is one hand-over', async () => {
    const { handoverId, agentId } = await departureOf(2);
    const again = await book.leaves(agentId);
    expect(again.id).toBe(handoverId);
    expect(await book.handoverTasks(handoverId)).toHaveLength(1);
  });

  test('on a later day orphans nothing yet', async () => {
    await at(monday);
    const id = await book.openCase({ agentId: 'A2' });
    expect(await book.leaves('A2', '2027-03-08')).toMatchObject({
      state: 'scheduled',
    });
    expect((await book.renewal(id)).ownerId).toBe('A2');
  });

  test('stays departed when a later day is reported afterwards', async () => {
    const { handoverId, agentId } = await departureOf(1);
    expect(await book.leaves(agentId, '2027-03-08')).toMatchObject({
      id: handoverId,
    });
    const [agent] = await book.db.select().from(staff).where(eq(staff.id, agentId));
    expect(agent?.departedOn).toBe(monday);
  });

  test('may leave later than was announced, as long as the day has not come', async () => {
    await at(monday);
    await book.leaves('A2', '2027-03-08');
    await book.leaves('A2', '2027-03-15');
    const [agent] = await book.db.select().from(staff).where(eq(staff.id, 'A2'));
    expect(agent?.departedOn).toBe('2027-03-15');
  });
});

describe('the supervisor', () => {
  test('names a new agent for one case and takes the rest over; tasks move and the time without an owner is kept', async () => {
    const { handoverId, ids } = await departureOf(3);
    const [first, second] = ids as [string, string, string];
    await book.setTime(45);
    await book.turn(first, 'entered');
    await at(monday, 12 * 60);
    await decide(handoverId, { kind: 'assign', agentId: 'A1' }, { renewalIds: [first] });
    await decide(handoverId, { kind: 'take-over' });
    expect((await book.renewal(first)).ownerId).toBe('A1');
    expect((await book.renewal(second)).ownerId).toBe('S1');
    expect((await book.renewal(first)).unownedSeconds).toBeGreaterThanOrEqual(7_200);
    const agentsTasks = (await book.tasks(first)).filter(({ role }) => role === 'agent');
    expect(new Set(agentsTasks.map(({ assigneeId }) => assigneeId))).toEqual(new Set(['A1']));
    expect((await book.handoverTasks(handoverId)).map(({ state }) => state)).toEqual(['completed']);
  });

  test('who decides twice decides once', async () => {
    const { handoverId } = await departureOf(2);
    expect(await decide(handoverId, { kind: 'take-over' })).toMatchObject({ kind: 'decided', cases: 2 });
    expect(await decide(handoverId, { kind: 'assign', agentId: 'A1' })).toMatchObject({ kind: 'decided', cases: 0 });
  });

  test('who stays silent gives the cases to the call centre as an offer', async () => {
    const { handoverId } = await departureOf(2);
    await book.silence(handoverId);
    expect(await book.states(handoverId)).toEqual(['undecided', 'undecided']);
    await at('2027-03-03', 10 * 60 + 1);
    await book.silence(handoverId);
    expect((await book.items(handoverId)).map(({ state, channel }) => [state, channel])).toEqual([
      ['offered', 'call-centre'],
      ['offered', 'call-centre'],
    ]);
  });
});

describe('an offer to another channel', () => {
  const offer = (handoverId: string, channel: 'cross-sales' | 'call-centre' = 'cross-sales') =>
    decide(handoverId, { kind: 'offer', channel });

  test('that is accepted tells the cases to close as handed off', async () => {
    const { handoverId } = await departureOf(2);
    await offer(handoverId);
    await answer(handoverId, true);
    await book.notify(handoverId);
    expect(book.told().map(([, { kind }]) => kind)).toEqual(['handed-off', 'handed-off']);
    const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
    expect(row?.state).toBe('decided');
  });

  test('that is declined goes back to the supervisor with the next channel proposed and a new task', async () => {
    const { handoverId } = await departureOf(1);
    await offer(handoverId);
    await answer(handoverId, false);
    expect(await book.items(handoverId)).toMatchObject([
      { state: 'undecided', proposedChannel: 'bank-partner', channel: null },
    ]);
    expect((await book.handoverTasks(handoverId)).filter(({ state }) => state === 'open')).toHaveLength(1);
  });

  test('that nobody answers in time goes back to the supervisor too, who has two working days again', async () => {
    const { handoverId } = await departureOf(1);
    await at('2027-03-02');
    await offer(handoverId);
    await at('2027-03-04', 10 * 60 + 1);
    await book.silence(handoverId);
    expect(await book.items(handoverId)).toMatchObject([{ state: 'undecided', proposedChannel: 'bank-partner' }]);
    const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
    expect(shanghai.dayOf(row!.dueAt.getTime())).toBe('2027-03-08');
  });

  test('cannot be declined by the last channel, whose silence is an acceptance', async () => {
    const { handoverId, ids } = await departureOf(1);
    await offer(handoverId, 'call-centre');
    expect(await answer(handoverId, false, 'call-centre')).toEqual({ kind: 'last-channel-cannot-decline' });
    await at('2027-03-03', 10 * 60 + 1);
    await book.silence(handoverId);
    expect(await book.states(handoverId)).toEqual(['handed-off']);
    expect((await book.events(ids[0]!)).slice(-2)).toEqual(['offered:call-centre', 'handed-off-by-silence']);
  });

  test('cannot be accepted by a channel that has none', async () => {
    const { handoverId } = await departureOf(1);
    await offer(handoverId);
    expect(await answer(handoverId, true, 'call-centre')).toMatchObject({ kind: 'decided', cases: 0 });
    expect(await book.states(handoverId)).toEqual(['offered']);
  });
});

test('a decision and the close of one of its cases do not wait for each other', async () => {
  const { handoverId, ids } = await departureOf(2);
  const blocked = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const closing = book.db.transaction(async (tx) => {
    const situation = await readSituation(tx, ids[0]!, shanghai);
    reached.resolve();
    await blocked.promise;
    await closeRenewal(tx, situation, { outcome: { kind: 'renewed', early: false }, cause: 'test' });
  });
  await reached.promise;
  const deciding = decide(handoverId, { kind: 'take-over' });
  await vi.waitUntil(() => someoneWaitsForALock(), { timeout: 10_000 });
  blocked.resolve();
  await closing;
  expect(await deciding).toMatchObject({ kind: 'decided', cases: 1 });
  expect(await book.states(handoverId)).toEqual(['assigned', 'closed']);
});

async function someoneWaitsForALock(): Promise<boolean> {
  const { rows } = await book.db.execute(sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return rows.length > 0;
}

test('a case that was given back to the agent who left becomes an orphan again', async () => {
  const { handoverId, ids, agentId } = await departureOf(2);
  await decide(handoverId, { kind: 'assign', agentId }, { renewalIds: [ids[0]!] });
  await book.leaves(agentId);
  expect(await book.states(handoverId)).toEqual(['undecided', 'undecided']);
});

test('a case that becomes an orphan later gives the supervisor a task and two working days of its own', async () => {
  const { handoverId, agentId } = await departureOf(1);
  await decide(handoverId, { kind: 'offer', channel: 'cross-sales' });
  await book.openCase({ agentId });
  await at('2027-03-02');
  await book.leaves(agentId);
  const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
  expect(shanghai.dayOf(row!.dueAt.getTime())).toBe('2027-03-04');
  const open = (await book.handoverTasks(handoverId)).filter(({ state }) => state === 'open');
  expect(open.map(({ dueAt }) => shanghai.dayOf(dueAt.getTime()))).toEqual(['2027-03-04']);
});
