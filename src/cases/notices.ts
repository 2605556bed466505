import { takeCoreNotice, type CoreNotice, type TakenNotice } from '../db/cases/core-notices.ts';
import { casesBehindTheCore } from '../db/cases/sweep-records.ts';
import { noticeOfCore } from '../renewal/case-notice.ts';
import type { CaseDeps } from './connect.ts';
import { wakeCase } from './wake-case.ts';

/** What the core system reports of a policy term: the books change, and an open case hears of it. Throws when Temporal is away. */
export async function noticeFromCore(deps: CaseDeps, reported: CoreNotice): Promise<{ kind: TakenNotice['kind'] }> {
  const taken = await deps.db.transaction((tx) => takeCoreNotice(tx, reported, deps.calendar));
  if (taken.kind === 'taken' && taken.tell) await wakeCase(deps, taken.tell.renewalId, taken.tell.notice);
  return { kind: taken.kind };
}

/** A list corrected the expiry of open cases: every pending timer follows. */
export async function noticeExpiryCorrected(
  deps: CaseDeps,
  corrected: readonly { renewalId: string; revision: number }[],
): Promise<void> {
  for (const { renewalId, revision } of corrected) {
    await wakeCase(deps, renewalId, { key: `expiry.${revision}`, kind: 'expiry-corrected' });
  }
}

const atMost = 500;

/** Open cases whose policy turned out to be renewed or cancelled hear of it; the sweeper goes on where this stops. */
export async function noticeBehindTheCore(deps: CaseDeps): Promise<void> {
  for (const { renewalId, renewedAs } of await casesBehindTheCore(deps.db, atMost)) {
    await wakeCase(deps, renewalId, noticeOfCore(renewedAs));
  }
}
