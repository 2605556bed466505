import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { promptly, type CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

/** Starts the workflow that lets the open cases follow a published plan; once for each roll-out. Throws when Temporal is away. */
export async function startRollout({ temporal }: CaseDeps, rolloutId: string): Promise<void> {
  try {
    await promptly(temporal, () =>
      temporal.client.workflow.start('replan', {
        workflowId: `replan.${rolloutId}`,
        taskQueue: batchQueue,
        args: [{ rolloutId }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: 'open cases follow a published stage plan',
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
