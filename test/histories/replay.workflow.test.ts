import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker, type ReplayResult } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { historyName, readHistories, type SavedHistory } from '../support/saved-histories.ts';
import { journeys } from '../workflows/journeys.ts';
import { renewal as careless } from './a-changed-renewal.ts';

const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

async function replay(path: string, histories: SavedHistory[]): Promise<ReplayResult[]> {
  keepQuiet();
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: path, logger: quiet });
  const results: ReplayResult[] = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle }, histories)) results.push(result);
  return results;
}

describe('saved histories of cases', () => {
  test('are there for every stage and outcome', () => {
    const names = journeys.map(({ name }) => historyName(name));
    expect(readHistories().map(({ workflowId }) => workflowId)).toEqual(expect.arrayContaining(names));
  });

  test('all replay with the workflow as it is now', async () => {
    const results = await replay(workflowsPath, readHistories());
    expect(results.flatMap(({ workflowId, error }) => (error ? [`${workflowId}: ${error.message}`] : []))).toEqual([]);
    expect(results).toHaveLength(readHistories().length);
  });

  test(`do not replay with a ${careless.name} that was changed carelessly`, async () => {
    const changed = fileURLToPath(new URL('./a-changed-renewal.ts', import.meta.url));
    const [result] = await replay(changed, readHistories().slice(0, 1));
    expect(result?.error?.name).toBe('DeterminismViolationError');
  });
});
