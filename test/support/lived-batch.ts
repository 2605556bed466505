import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { dayMs } from '../../src/renewal/calendar.ts';
import type { BatchJourney } from '../workflows/batch-journeys.ts';
import { quiet, workflowsPath } from './running-cases.ts';

/** What sends has queues of its own. */
const sendingQueues = ['sms', 'email'];

/** Runs workflows besides the cases, each over the answers written down for it. */
export async function batchesOn(env: TestWorkflowEnvironment): Promise<(journey: BatchJourney) => Promise<History>> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  return async (journey) => {
    const activities = journey.activities(await env.currentTimeMs());
    const { nativeConnection: connection } = env;
    const worker = await Worker.create({ connection, taskQueue: 'batch', workflowBundle, activities });
    const senders = await Promise.all(
      sendingQueues.map((taskQueue) => Worker.create({ connection, taskQueue, activities })),
    );
    const live = (): Promise<History> => worker.runUntil(() => runBatch(env, journey));
    return senders.reduce((inner, sender) => () => sender.runUntil(inner), live)();
  };
}

async function runBatch(
  env: TestWorkflowEnvironment,
  { name, type, args, signals = [] }: BatchJourney,
): Promise<History> {
  const started = { taskQueue: 'batch', workflowId: name, args: [...args] };
  const handle = await env.client.workflow.start(type, started);
  let passed = 0;
  for (const signal of signals) {
    await env.sleep((signal.afterDays - passed) * dayMs);
    passed = signal.afterDays;
    await handle.signal(signal.name);
  }
  await handle.result();
  return handle.fetchHistory();
}
