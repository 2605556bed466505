import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { readIntakeRun } from '../db/cases/intake-records.ts';
import type { intake } from '../../workflows/intake.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

export type IntakeAnswer = {
  id: string;
  state: 'running' | 'completed';
  opened: number;
  alreadyOpen: number;
  leftOut: Record<string, number>;
};

const patienceMs = 20_000;

/** Runs the intake now and waits a while for its end; the same id asks for the same run. Throws when Temporal is away. */
export async function runIntake(deps: CaseDeps, asked: { id: string; requestedBy: string }): Promise<IntakeAnswer> {
  const workflowId = `intake.${asked.id}`;
  try {
    await promptly(deps.temporal, () =>
      deps.temporal.client.workflow.start<typeof intake>('intake', {
        workflowId,
        taskQueue: batchQueue,
        args: [{ runId: asked.id, requestedBy: asked.requestedBy }],
        staticSummary: 'intake now',
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const finished = deps.temporal.client.workflow.getHandle<typeof intake>(workflowId).result();
  await Promise.race([
    finished.catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, patienceMs).unref()),
  ]);
  const run = await readIntakeRun(deps.db, asked.id);
  return {
    id: asked.id,
    state: run?.state === 'completed' ? 'completed' : 'running',
    opened: run?.opened ?? 0,
    alreadyOpen: run?.alreadyOpen ?? 0,
    leftOut: (run?.leftOut ?? {}) as Record<string, number>,
  };
}
