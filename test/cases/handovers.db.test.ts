import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHandoverActivities } from '../../activities/handover.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { acceptHandover, decideHandover, recordDeparture } from '../../src/cases/departures.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { readSituation } from '../../src/db/case-situation.ts';
import { closeRenewal } from '../../src/db/close-records.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import { MockActivityEnvironment } from '@temporalio/testing';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
let deps: CaseDeps;
let told: [string, Notice][];
let agents = 0;

beforeAll(async () => {
  book = await openBook();
  // The hand-over's workflow is not what these tests are about; it only hears that something changed.
  const client = { workflow: { signalWithStart: async () => {} } };
  deps = {
    db: book.db,
    calendar: shanghai,
    temporal: { client, close: async () => {} } as unknown as CaseDeps['temporal'],
  };
});
afterAll(() => book.close());

const monday = '2027-03-01';
const at = (day: string, minute = 10 * 60) =>
  anchorClock(book.db, { businessAt: shanghai.instantOf(day, minute), speed: 1 });

/** An agent of their own with open cases, who leaves on Monday morning. */
async function departureOf(cases: number): Promise<{ handoverId: string; ids: string[]; agentId: string }> {
  const agentId = `L${(agents += 1)}`;
  await book.db.insert(staff).values({ id: agentId, name: agentId, roles: ['agent'], branchId: 'B01', teamId: 'T1' });
  const ids: string[] = [];
  for (let turn = 0; turn < cases; turn += 1) ids.push(await book.openCase({ agentId }));
  told = [];
  await at(monday);
  const job = await recordDeparture(deps, { staffId: agentId, effectiveOn: monday, by: 'S1' });
  return { handoverId: job.id!, ids, agentId };
}

const activities = () =>
  createHandoverActivities({ ...deps, notifyCase: async (id, notice) => void told.push([id, notice]) });
const notify = (handoverId: string) => new MockActivityEnvironment().run(activities().notifyCases, { handoverId });
const silence = (handoverId: string) => activities().actOnSilence({ handoverId });
const decide = (
  handoverId: string,
  decision: Parameters<typeof decideHandover>[1]['decision'],
  renewalIds?: string[],
) => decideHandover(deps, { handoverId, decision, renewalIds, decidedBy: 'S1' });
const itemsOf = (handoverId: string) =>
  book.db.select().from(handoverItems).where(eq(handoverItems.handoverId, handoverId));
const statesOf = async (handoverId: string) => (await itemsOf(handoverId)).map(({ state }) => state).toSorted();
const handoverTasks = (handoverId: string) => book.db.select().from(tasks).where(eq(tasks.handoverId, handoverId));

describe('an agent who leaves with eighty open cases', () => {
  test('orphans all of them at once, and the supervisor gets one task with two working days', async () => {
    const { handoverId, ids, agentId } = await departureOf(80);
    const owned = await book.db.select().from(renewals).where(eq(renewals.ownerId, agentId));
    expect(owned).toEqual([]);
    expect(await statesOf(handoverId)).toEqual(ids.map(() => 'undecided'));
    const given = await handoverTasks(handoverId);
    expect(given).toMatchObject([{ kind: 'hand-over', assigneeId: 'S1', state: 'open' }]);
    expect(shanghai.dayOf(given[0]!.dueAt.getTime())).toBe('2027-03-03');
  });

  test('tells every case once that its owner left, also when asked again', async () => {
    const { handoverId, ids } = await departureOf(3);
    await notify(handoverId);
    await notify(handoverId);
    expect(told.map(([id, { kind }]) => [id, kind])).toEqual(ids.toSorted().map((id) => [id, 'owner-left']));
  });

  test('reported twice is one hand-over', async () => {
    const { handoverId, agentId } = await departureOf(2);
    const again = await recordDeparture(deps, { staffId: agentId, effectiveOn: monday, by: 'S1' });
    expect(again.id).toBe(handoverId);
    expect(await handoverTasks(handoverId)).toHaveLength(1);
  });

  test('on a later day orphans nothing yet', async () => {
    await at(monday);
    const id = await book.openCase({ agentId: 'A2' });
    expect(await recordDeparture(deps, { staffId: 'A2', effectiveOn: '2027-03-08', by: 'S1' })).toMatchObject({
      state: 'scheduled',
    });
    expect((await book.renewal(id)).ownerId).toBe('A2');
  });

  test('stays departed when a later day is reported afterwards', async () => {
    const { handoverId, agentId } = await departureOf(1);
    expect(await recordDeparture(deps, { staffId: agentId, effectiveOn: '2027-03-08', by: 'S1' })).toMatchObject({
      id: handoverId,
    });
    const [agent] = await book.db.select().from(staff).where(eq(staff.id, agentId));
    expect(agent?.departedOn).toBe(monday);
  });

  test('may leave later than was announced, as long as the day has not come', async () => {
    await at(monday);
    await recordDeparture(deps, { staffId: 'A2', effectiveOn: '2027-03-08', by: 'S1' });
    await recordDeparture(deps, { staffId: 'A2', effectiveOn: '2027-03-15', by: 'S1' });
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
    await decide(handoverId, { kind: 'assign', agentId: 'A1' }, [first]);
    await decide(handoverId, { kind: 'take-over' });
    expect((await book.renewal(first)).ownerId).toBe('A1');
    expect((await book.renewal(second)).ownerId).toBe('S1');
    expect((await book.renewal(first)).unownedSeconds).toBeGreaterThanOrEqual(7_200);
    const agentsTasks = (await book.tasks(first)).filter(({ role }) => role === 'agent');
    expect(new Set(agentsTasks.map(({ assigneeId }) => assigneeId))).toEqual(new Set(['A1']));
    expect((await handoverTasks(handoverId)).map(({ state }) => state)).toEqual(['completed']);
  });

  test('who decides twice decides once', async () => {
    const { handoverId } = await departureOf(2);
    expect(await decide(handoverId, { kind: 'take-over' })).toMatchObject({ kind: 'decided', cases: 2 });
    expect(await decide(handoverId, { kind: 'assign', agentId: 'A1' })).toMatchObject({ kind: 'decided', cases: 0 });
  });

  test('who stays silent gives the cases to the call centre as an offer', async () => {
    const { handoverId } = await departureOf(2);
    await silence(handoverId);
    expect(await statesOf(handoverId)).toEqual(['undecided', 'undecided']);
    await at('2027-03-03', 10 * 60 + 1);
    await silence(handoverId);
    expect((await itemsOf(handoverId)).map(({ state, channel }) => [state, channel])).toEqual([
      ['offered', 'call-centre'],
      ['offered', 'call-centre'],
    ]);
  });
});

describe('an offer to another channel', () => {
  const offer = (handoverId: string, channel: 'cross-sales' | 'call-centre' = 'cross-sales') =>
    decide(handoverId, { kind: 'offer', channel });
  const answer = (handoverId: string, accept: boolean, channel: 'cross-sales' | 'call-centre' = 'cross-sales') =>
    acceptHandover(deps, { handoverId, accept, channel, by: 'C1' });

  test('that is accepted tells the cases to close as handed off', async () => {
    const { handoverId } = await departureOf(2);
    await offer(handoverId);
    await answer(handoverId, true);
    await notify(handoverId);
    expect(told.map(([, { kind }]) => kind)).toEqual(['handed-off', 'handed-off']);
    const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
    expect(row?.state).toBe('decided');
  });

  test('that is declined goes back to the supervisor with the next channel proposed and a new task', async () => {
    const { handoverId } = await departureOf(1);
    await offer(handoverId);
    await answer(handoverId, false);
    expect(await itemsOf(handoverId)).toMatchObject([
      { state: 'undecided', proposedChannel: 'bank-partner', channel: null },
    ]);
    expect((await handoverTasks(handoverId)).filter(({ state }) => state === 'open')).toHaveLength(1);
  });

  test('that nobody answers in time goes back to the supervisor too, who has two working days again', async () => {
    const { handoverId } = await departureOf(1);
    await at('2027-03-02');
    await offer(handoverId);
    await at('2027-03-04', 10 * 60 + 1);
    await silence(handoverId);
    expect(await itemsOf(handoverId)).toMatchObject([{ state: 'undecided', proposedChannel: 'bank-partner' }]);
    const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
    expect(shanghai.dayOf(row!.dueAt.getTime())).toBe('2027-03-08');
  });

  test('cannot be declined by the last channel, whose silence is an acceptance', async () => {
    const { handoverId } = await departureOf(1);
    await offer(handoverId, 'call-centre');
    expect(await answer(handoverId, false, 'call-centre')).toEqual({ kind: 'last-channel-cannot-decline' });
    await at('2027-03-03', 10 * 60 + 1);
    await silence(handoverId);
    expect(await statesOf(handoverId)).toEqual(['handed-off']);
  });

  test('cannot be accepted by a channel that has none', async () => {
    const { handoverId } = await departureOf(1);
    await offer(handoverId);
    expect(await answer(handoverId, true, 'call-centre')).toMatchObject({ kind: 'decided', cases: 0 });
    expect(await statesOf(handoverId)).toEqual(['offered']);
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
  expect(await statesOf(handoverId)).toEqual(['assigned', 'closed']);
});

async function someoneWaitsForALock(): Promise<boolean> {
  const { rows } = await book.db.execute(sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return rows.length > 0;
}

test('a case that was given back to the agent who left becomes an orphan again', async () => {
  const { handoverId, ids, agentId } = await departureOf(2);
  await decide(handoverId, { kind: 'assign', agentId }, [ids[0]!]);
  await recordDeparture(deps, { staffId: agentId, effectiveOn: monday, by: 'S1' });
  expect(await statesOf(handoverId)).toEqual(['undecided', 'undecided']);
});

test('a case that becomes an orphan later gives the supervisor a task and two working days of its own', async () => {
  const { handoverId, agentId } = await departureOf(1);
  await decide(handoverId, { kind: 'offer', channel: 'cross-sales' });
  await book.openCase({ agentId });
  await at('2027-03-02');
  await recordDeparture(deps, { staffId: agentId, effectiveOn: monday, by: 'S1' });
  const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
  expect(shanghai.dayOf(row!.dueAt.getTime())).toBe('2027-03-04');
  const open = (await handoverTasks(handoverId)).filter(({ state }) => state === 'open');
  expect(open.map(({ dueAt }) => shanghai.dayOf(dueAt.getTime()))).toEqual(['2027-03-04']);
});
