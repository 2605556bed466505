import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LossReviewActivities } from '../../activities/loss-review.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import type { lossReview } from '../../workflows/loss-review.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

let env: TestWorkflowEnvironment;
let stop: () => Promise<void>;
let asked: number[] = [];
let failures = 0;

const activities: LossReviewActivities = {
  drawLosses: async ({ scheduledAt }) => {
    asked.push(scheduledAt);
    if (asked.length <= failures) throw new Error('killed');
    return { month: '2027-03', drawn: 3 };
  },
};

beforeAll(async () => {
  keepQuiet();
  env = await createTimeSkippingEnvironment();
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'batch',
    workflowBundle,
    activities,
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
  };
});
afterAll(async () => {
  await stop();
  await env.teardown();
});

test('A loss review that failed asks again for the same month, however long that takes', async () => {
  asked = [];
  failures = 3;
  const startedAt = await env.currentTimeMs();
  const handle = await env.client.workflow.start<typeof lossReview>('lossReview', {
    taskQueue: 'batch',
    workflowId: 'loss-review.by-hand',
  });
  expect(await handle.result()).toEqual({ month: '2027-03', drawn: 3 });
  expect(asked).toHaveLength(4);
  expect(new Set(asked).size).toBe(1);
  expect(Math.abs((asked[0] ?? 0) - startedAt)).toBeLessThan(dayMs);
});
