import {
  decideConcession as enterDecision,
  type ConcessionDecision,
  type DecidedConcession,
} from '../db/concessions/concession-decisions.ts';
import {
  requestConcession as enterRequest,
  type NewConcession,
  type RequestedConcession,
} from '../db/concessions/concession-records.ts';
import { concessionChanged } from '../../workflows/concession-messages.ts';
import type { concession as concessionWorkflow } from '../../workflows/concession.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

/** Asks for a concession; what has to be decided gets a workflow that waits for the deadline. */
export async function requestConcession(deps: CaseDeps, asked: NewConcession): Promise<RequestedConcession> {
  const requested = await deps.db.transaction((tx) => enterRequest(tx, asked, deps.calendar));
  if (requested.kind === 'refused') return requested;
  if (requested.replaced !== undefined) await tellConcession(deps, requested.replaced);
  if (requested.row.state === 'pending') await tellConcession(deps, asked.id);
  return requested;
}

/** Enters the decision of an authority, and lets the workflow know that nothing is waited for any more. */
export async function decideConcession(deps: CaseDeps, decided: ConcessionDecision): Promise<DecidedConcession> {
  const answer = await deps.db.transaction((tx) => enterDecision(tx, decided, deps.calendar));
  if (answer.kind === 'decided') await tellConcession(deps, decided.concessionId);
  return answer;
}

/** Wakes the workflow of a concession, or starts it when none runs. */
export async function tellConcession({ temporal }: CaseDeps, concessionId: string): Promise<void> {
  await promptly(temporal, () =>
    temporal.client.workflow.signalWithStart<typeof concessionWorkflow>('concession', {
      workflowId: `concession.${concessionId}`,
      taskQueue: batchQueue,
      args: [{ concessionId }],
      signal: concessionChanged,
      signalArgs: [],
      staticSummary: 'a concession that waits for its decision',
    }),
  );
}
