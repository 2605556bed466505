import { WorkflowNotFoundError } from '@temporalio/client';
import { lockFleet } from '../db/cases/case-locks.ts';
import { readSituation } from '../db/cases/case-situation.ts';
import { enterBook } from '../db/cases/enter-book.ts';
import { plannedConfirmations } from '../db/messages/planned-messages.ts';
import { renewingResult } from '../db/results/result-records.ts';
import type { Outcome } from '../renewal/loss.ts';
import type { CaseDeps } from './connect.ts';
import { startCase, startReopened } from './start-case.ts';

/**
 * Brings an open row and its workflow together again: a workflow that is lost, failed or was terminated starts anew where
 * the row stands, and so does a case that a correction opened again; the row of one that completed is closed. Answers
 * whether anything had to be done.
 */
export async function reviveCase(deps: CaseDeps, renewalId: string): Promise<boolean> {
  if (await startReopened(deps, renewalId)) return true;
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

/** Closes the row as its case ended, and lets the case run again where a confirmation of the renewal waits to be sent. */
async function closeRow(deps: CaseDeps, renewalId: string, outcome: Outcome): Promise<void> {
  const { db, calendar } = deps;
  const confirmBy = await db.transaction(async (tx) => {
    const situation = await readSituation(tx, renewalId, calendar);
    if (situation.renewal.outcome !== null) return [];
    await lockFleet(tx, situation.renewal.fleetId);
    const resultId = outcome.kind === 'renewed' ? await renewingResult(tx, renewalId) : undefined;
    const ending = { outcome, cause: 'workflow-ended', ...(resultId === undefined ? {} : { resultId }) };
    await enterBook(tx, situation, { ending, by: 'sweeper' });
    return plannedConfirmations(tx, renewalId);
  });
  if (confirmBy.length > 0) await startCase(deps, renewalId, { again: true });
}
