import { Client, type ScheduleDescription, type ScheduleHandle } from '@temporalio/client';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createLossReviewActivities } from '../../activities/loss-review.ts';
import { connectTemporal as connectClient } from '../../src/cases/connect.ts';
import { keepSchedules } from '../../src/cases/schedules.ts';
import { batchQueue } from '../../src/cases/task-queues.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { takeWorkerTurn } from '../support/one-worker-at-a-time.ts';
import { connectTemporal, type TemporalConnections } from '../support/temporal-server.ts';

let book: Book;
let server: TemporalConnections;
let schedule: ScheduleHandle;
let stop: () => Promise<void>;

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
  const { schedule: schedules } = new Client({ connection: server.connection });
  // A release before may have kept them with other policies.
  const before = (known: ScheduleDescription) => ({
    ...known,
    policies: { ...known.policies, catchupWindow: '1 day' },
  });
  await schedules.getHandle('monthly-loss-review').update(before);
  await keepSchedules(deps);
  await Promise.all(
    ['nightly-intake', 'sweep', 'settle-messages', 'staff-hand-over'].map((id) => schedules.getHandle(id).delete()),
  );
  schedule = schedules.getHandle('monthly-loss-review');
  const worker = await Worker.create({
    connection: server.nativeConnection,
    taskQueue: batchQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath }),
    activities: createLossReviewActivities(deps),
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
  await schedule.delete();
  await stop();
  await server.close();
  await book.close();
});

async function aLoss(day: string): Promise<string> {
  const id = await book.openCase();
  const closedAt = new Date(shanghai.instantOf(day, 12 * 60));
  await book.db.update(renewals).set({ outcome: 'lost', lossReason: 'price', closedAt }).where(eq(renewals.id, id));
  return id;
}

test('A review that catches up draws from the month before the one it was planned for, at six on the first', async () => {
  const { spec, policies } = await schedule.describe();
  expect(spec).toMatchObject({
    timezone: 'Asia/Shanghai',
    calendars: [{ dayOfMonth: [{ start: 1 }], hour: [{ start: 6 }] }],
  });
  expect(policies.catchupWindow).toBeGreaterThan(10 * 86_400_000);
  const august = await aLoss('2026-08-31');
  const september = await aLoss('2026-09-30');
  await aLoss('2026-10-01');
  await schedule.backfill({
    start: new Date('2026-08-15T00:00:00Z'),
    end: new Date('2026-10-15T00:00:00Z'),
    overlap: 'ALLOW_ALL',
  });
  const drawn = async () => {
    const rows = await book.db.select().from(lossChecks).orderBy(lossChecks.month);
    return rows.map(({ month, renewalId }) => `${month} ${renewalId}`);
  };
  await expect.poll(drawn, { timeout: 20_000 }).toEqual([`2026-08 ${august}`, `2026-09 ${september}`]);
});
