import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { readSituation } from '../db/cases/case-situation.ts';
import type { Notice } from '../renewal/case-notice.ts';
import { notice as noticeSignal } from '../../workflows/messages.ts';
import type { renewal } from '../../workflows/renewal.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { notifyCase } from './notify-case.ts';
import { startOptions } from './start-case.ts';

/** What ends a case or moves its next instant; of everything else it may hear when it opens. */
function actsAtOnce({ kind }: Notice): boolean {
  switch (kind) {
    case 'handed-off':
    case 'renewed-in-core':
    case 'cancelled-in-core':
    case 'expiry-corrected':
    case 'replanned':
      return true;
    case 'owner-left':
    case 'owner-assigned':
    case 'held':
    case 'resumed':
    case 'result-corrected':
      return false;
  }
}

/**
 * Tells a case what it must act on at once, also one that has not opened: a signal alone waits for the end of its start
 * delay, one with a start ends the delay. Answers whether the case was there.
 */
export async function wakeCase(deps: CaseDeps, renewalId: string, notice: Notice): Promise<boolean> {
  if (!actsAtOnce(notice)) return notifyCase(deps, renewalId, notice);
  const situation = await deps.db.transaction((tx) => readSituation(tx, renewalId, deps.calendar));
  const { outcome, stage } = situation.renewal;
  if (outcome !== null || stage !== null) return notifyCase(deps, renewalId, notice);
  const { startDelay: _, ...options } = startOptions(situation, {});
  const signalled = { ...options, signal: noticeSignal, signalArgs: [notice] as [Notice] };
  try {
    await promptly(deps.temporal, () =>
      deps.temporal.client.workflow.signalWithStart<typeof renewal, [Notice]>('renewal', signalled),
    );
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}
