import { Client, type ScheduleClient } from '@temporalio/client';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createStaffMessageActivities } from '../../activities/staff-messages.ts';
import { connectTemporal as connectClient } from '../../src/cases/connect.ts';
import { keepSchedules } from '../../src/cases/schedules.ts';
import { batchQueue } from '../../src/cases/task-queues.ts';
import { monthLists } from '../../src/db/schema/month-lists.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { addDays, dayMs } from '../../src/renewal/calendar.ts';
import type { staffDigest } from '../../workflows/staff-digest.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { takeWorkerTurn } from '../support/one-worker-at-a-time.ts';
import { connectTemporal, type TemporalConnections } from '../support/temporal-server.ts';

let book: Book;
let server: TemporalConnections;
let client: Client;
let schedules: ScheduleClient;
let stop: () => Promise<void>;

const own = ['staff-morning-digest', 'staff-key-tracking-list', 'staff-half-month-list'];
const others = [
  'nightly-intake',
  'nightly-stray-check',
  'monthly-loss-review',
  'sweep',
  'settle-messages',
  'staff-hand-over',
];
const forget = (ids: readonly string[]) => Promise.all(ids.map((id) => schedules.getHandle(id).delete()));

beforeAll(async () => {
  keepQuiet();
  const turn = await takeWorkerTurn();
  book = await openBook();
  // Real time, so that the schedules are those of production.
  server = await connectTemporal();
  const address = inject('temporalAddress');
  const temporal = connectClient({ temporal: { address, namespace: 'default', uiUrl: '', tls: false } });
  const deps = { db: book.db, temporal, calendar: shanghai };
  await keepSchedules(deps);
  client = new Client({ connection: server.connection });
  schedules = client.schedule;
  await forget(others);
  const worker = await Worker.create({
    connection: server.nativeConnection,
    taskQueue: batchQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath }),
    activities: createStaffMessageActivities(deps),
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await temporal.close();
    await turn.release();
  };
});
afterAll(async () => {
  await forget(own);
  await stop();
  await server.close();
  await book.close();
});

type StaffDigestDone = Awaited<ReturnType<typeof staffDigest>>;

const hours = 3_600_000;

test.each([
  ['staff-morning-digest', {}, 10],
  ['staff-key-tracking-list', { dayOfWeek: [{ start: 'MONDAY' }, { start: 'THURSDAY' }] }, 40],
  ['staff-half-month-list', { dayOfMonth: [{ start: 2 }, { start: 16 }] }, 216],
])('%s runs at half past seven in the business zone, and is caught up while it is good', async (id, days, goodFor) => {
  const { spec, policies, action } = await schedules.getHandle(id).describe();
  expect(spec).toMatchObject({
    timezone: 'Asia/Shanghai',
    calendars: [{ hour: [{ start: 7 }], minute: [{ start: 30 }], ...days }],
  });
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: goodFor * hours });
  // A run that nobody took must not be there any more when the next one is due.
  expect(action.workflowExecutionTimeout).toBe((goodFor + 1) * hours);
});

/** What the runs of a schedule said, by the day that each was planned for. */
async function done(id: string): Promise<StaffDigestDone[]> {
  const said: StaffDigestDone[] = [];
  for await (const { workflowId, status } of client.workflow.list({ query: `WorkflowId STARTS_WITH '${id}-'` })) {
    if (status.name === 'COMPLETED')
      said.push((await client.workflow.getHandle(workflowId).result()) as StaffDigestDone);
  }
  return said.toSorted((one, other) => ((one.day ?? '') < (other.day ?? '') ? -1 : 1));
}

test('Runs of a week that has passed know each its own day, and send nothing any more', async () => {
  const today = shanghai.dayOf(Date.now());
  const days = Array.from({ length: 7 }, (_, back) => addDays(today, back - 8));
  const [start, end] = [days[0]!, addDays(days.at(-1)!, 1)].map((day) => new Date(shanghai.instantOf(day, 0)));
  await schedules.getHandle('staff-morning-digest').backfill({ start: start!, end: end!, overlap: 'ALLOW_ALL' });
  const expected = days.map((day) => ({
    kind: shanghai.isWorkday(day) ? 'passed' : 'not-today',
    day,
    tried: 0,
  }));
  await expect.poll(() => done('staff-morning-digest'), { timeout: 25_000 }).toEqual(expected);
  expect(await book.db.select().from(staffMessages)).toEqual([]);
});

test('A half-month list that is caught up, twice, is taken once, for the day it was planned for', async () => {
  const today = shanghai.dayOf(Date.now());
  const missed = Array.from({ length: 9 }, (_, back) => addDays(today, -back)).find((day) =>
    ['02', '16'].includes(day.slice(8)),
  );
  // In the days between, the last one is over already.
  const from = missed ?? addDays(today, -31);
  const range = { start: new Date(shanghai.instantOf(from, 0)), end: new Date(shanghai.instantOf(from, 0) + dayMs) };
  for (const _time of [1, 2]) {
    await schedules.getHandle('staff-half-month-list').backfill({ ...range, overlap: 'ALLOW_ALL' });
  }
  await expect
    .poll(async () => (await book.db.select().from(monthLists)).map(({ period }) => period), { timeout: 25_000 })
    .toEqual(missed === undefined ? [] : [missed]);
});
