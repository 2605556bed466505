import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { keepQuiet, quiet } from './running-cases.ts';
import type { SavedHistory } from './saved-histories.ts';

/** Replays histories with the workflows at a path; answers what went wrong, by the name of the history. */
export async function replay(
  workflowsPath: string,
  histories: readonly SavedHistory[],
): Promise<{ replayed: number; errors: Map<string, Error> }> {
  keepQuiet();
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  const errors = new Map<string, Error>();
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    replayed += 1;
    if (error) errors.set(workflowId, error);
  }
  return { replayed, errors };
}
