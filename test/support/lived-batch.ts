import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { dayMs } from '../../src/renewal/calendar.ts';
import type { BatchJourney } from '../workflows/batch-journeys.ts';
import { quiet, workflowsPath } from './running-cases.ts';

/** Runs workflows besides the cases, each over the answers written down for it. */
export async function batchesOn(env: TestWorkflowEnvironment): Promise<(journey: BatchJourney) => Promise<History>> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  return async (journey) => {
    const activities = journey.activities(await env.currentTimeMs());
    const shared = { connection: env.nativeConnection, taskQueue: 'batch' };
    const worker = await Worker.create({ ...shared, workflowBundle, activities });
    return worker.runUntil(() => runBatch(env, journey));
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
