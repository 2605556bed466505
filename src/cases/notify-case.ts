import { WorkflowNotFoundError } from '@temporalio/client';
import type { Notice } from '../renewal/case-notice.ts';
import { notice as noticeSignal } from '../../workflows/messages.ts';
import { promptly, type CaseDeps } from './connect.ts';

/** Signals a case and answers whether it was there; one that has closed meanwhile needs no notice any more. */
export async function notifyCase(
  { temporal }: Pick<CaseDeps, 'temporal'>,
  renewalId: string,
  notice: Notice,
): Promise<boolean> {
  try {
    await promptly(temporal, () => temporal.client.workflow.getHandle(renewalId).signal(noticeSignal, notice));
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return false;
  }
}
