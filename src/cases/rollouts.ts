import { steerRollout, type SteeredRollout } from '../db/plans/rollout-records.ts';
import { rolloutSteered } from '../../workflows/replan-messages.ts';
import type { replan } from '../../workflows/replan.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

/**
 * Starts the workflow that lets the open cases follow a published plan, or wakes it; one that runs already, or is over,
 * changes nothing by it. Throws when Temporal is away: the sweeper starts it then.
 */
export async function startRollout({ temporal }: CaseDeps, rolloutId: string): Promise<void> {
  await promptly(temporal, () =>
    temporal.client.workflow.signalWithStart<typeof replan>('replan', {
      workflowId: `replan.${rolloutId}`,
      taskQueue: batchQueue,
      args: [{ rolloutId }],
      signal: rolloutSteered,
      signalArgs: [],
      staticSummary: 'open cases follow a published stage plan',
    }),
  );
}

type Steering = { id: string; by: string };

/** The roll-out stands still after the cases it is at; needs no word to its workflow, which looks at the books. */
export function pauseRollout({ db }: CaseDeps, steering: Steering): Promise<SteeredRollout> {
  return db.transaction((tx) => steerRollout(tx, { ...steering, to: 'paused' }));
}

/** The roll-out goes on where it stood, in a new run where its workflow is gone. Throws when Temporal is away. */
export async function resumeRollout(deps: CaseDeps, steering: Steering): Promise<SteeredRollout> {
  const steered = await deps.db.transaction((tx) => steerRollout(tx, { ...steering, to: 'running' }));
  if (steered.kind === 'steered' || steered.kind === 'already') await startRollout(deps, steering.id);
  return steered;
}
