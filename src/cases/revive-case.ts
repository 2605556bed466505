import { WorkflowNotFoundError } from '@temporalio/client';
import { closeRenewal } from '../db/cases/close-records.ts';
import { readSituation } from '../db/cases/case-situation.ts';
import { journalise } from '../db/journal/journal-records.ts';
import { cancelMessages } from '../db/messages/planned-messages.ts';
import { dropTasks } from '../db/tasks/task-records.ts';
import type { Outcome } from '../renewal/loss.ts';
import type { CaseDeps } from './connect.ts';
import { startCase } from './start-case.ts';

/**
 * Brings an open row and its workflow together again: a workflow that is lost, failed or was terminated starts anew where
 * the row stands; the row of one that completed is closed. Answers whether anything had to be done.
 */
export async function reviveCase(deps: CaseDeps, renewalId: string): Promise<boolean> {
  const status = await statusOf(deps, renewalId);
  if (status === 'RUNNING') return false;
  if (status === 'COMPLETED') {
    const outcome = (await deps.temporal.client.workflow.getHandle(renewalId).result()) as Outcome;
    await closeRow(deps, renewalId, outcome);
  } else {
    await startCase(deps, renewalId, { again: true });
  }
  return true;
}

async function statusOf({ temporal }: CaseDeps, renewalId: string): Promise<string> {
  try {
    return (await temporal.client.workflow.getHandle(renewalId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NOT_FOUND';
    throw error;
  }
}

async function closeRow({ db, calendar }: CaseDeps, renewalId: string, outcome: Outcome): Promise<void> {
  await db.transaction(async (tx) => {
    const situation = await readSituation(tx, renewalId, calendar);
    if (situation.renewal.outcome !== null) return;
    await closeRenewal(tx, situation, { outcome, cause: 'workflow-ended' });
    await cancelMessages(tx, renewalId, `case-closed:${outcome.kind}`);
    await dropTasks(tx, { renewalId, reason: `case-closed:${outcome.kind}` });
    const inputs = { outcome };
    await journalise(tx, [
      { chain: renewalId, actor: 'sweeper', event: `closed:${outcome.kind}`, reason: 'workflow-ended', inputs },
    ]);
  });
}
