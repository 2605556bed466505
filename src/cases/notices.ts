import { WorkflowNotFoundError } from '@temporalio/client';
import { takeCoreNotice, type CoreNotice, type TakenNotice } from '../db/cases/core-notices.ts';
import { casesBehindTheCore } from '../db/cases/sweep-records.ts';
import { noticeOfCore, type Notice } from '../renewal/case-notice.ts';
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

/** What the core system reports of a policy term: the books change, and an open case hears of it. Throws when Temporal is away. */
export async function noticeFromCore(deps: CaseDeps, reported: CoreNotice): Promise<{ kind: TakenNotice['kind'] }> {
  const taken = await deps.db.transaction((tx) => takeCoreNotice(tx, reported, deps.calendar));
  if (taken.kind === 'taken' && taken.tell) await notifyCase(deps, taken.tell.renewalId, taken.tell.notice);
  return { kind: taken.kind };
}

/** A list corrected the expiry of open cases: every pending timer follows. */
export async function noticeExpiryCorrected(
  deps: CaseDeps,
  corrected: readonly { renewalId: string; revision: number }[],
): Promise<void> {
  for (const { renewalId, revision } of corrected) {
    await notifyCase(deps, renewalId, { key: `expiry.${revision}`, kind: 'expiry-corrected' });
  }
}

const atMost = 500;

/** Open cases whose policy turned out to be renewed or cancelled hear of it; the sweeper goes on where this stops. */
export async function noticeBehindTheCore(deps: CaseDeps): Promise<void> {
  for (const { renewalId, renewedAs } of await casesBehindTheCore(deps.db, atMost)) {
    await notifyCase(deps, renewalId, noticeOfCore(renewedAs));
  }
}
