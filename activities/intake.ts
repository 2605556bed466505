import { heartbeat } from '@temporalio/activity';
import { readClock } from '../src/db/business-clock.ts';
import type { Db } from '../src/db/connection.ts';
import {
  beginIntakeRun,
  countOpenCases,
  finishIntakeRun,
  markLeftOut,
  openRenewal,
  pageOfCandidates,
  saveIntakeProgress,
  type Candidate,
  type IntakeCursor,
  type IntakeProgress,
} from '../src/db/cases/intake-records.ts';
import { assignRenewalChecks } from '../src/db/losses/renewal-check-records.ts';
import type { Calendar, Day } from '../src/renewal/calendar.ts';
import { decideEligibility } from '../src/renewal/eligibility.ts';

type IntakeRequest = { runId: string; requestedBy: string };
export type IntakeCounts = { opened: number; alreadyOpen: number; leftOut: Record<string, number> };

export type IntakeActivities = { openDueCases: (request: IntakeRequest) => Promise<IntakeCounts> };

type Deps = {
  db: Db;
  calendar: Calendar;
  startCase: (renewalId: string) => Promise<void>;
  /** Orphans the open cases of agents who have left, and starts the hand-overs. */
  collectOrphans: (today: Day) => Promise<void>;
};

const pageSize = 200;
const startsAtOnce = 8;

/** The nightly intake (business.md, Eligibility): pages through the horizon and opens what is due; a retry goes on at its cursor. */
export function createIntakeActivities(deps: Deps): IntakeActivities {
  return {
    async openDueCases({ runId, requestedBy }) {
      const today = deps.calendar.dayOf((await readClock(deps.db)).now);
      const run = await beginIntakeRun(deps.db, { id: runId, businessDay: today, requestedBy });
      let progress: IntakeProgress = run;
      for (;;) {
        heartbeat(progress.cursor);
        const after = (progress.cursor ?? undefined) as IntakeCursor | undefined;
        const page = await pageOfCandidates(deps.db, run.businessDay, { after, limit: pageSize });
        if (page.length === 0) break;
        progress = await takePage(deps, run, { page, progress });
        await saveIntakeProgress(deps.db, runId, progress);
      }
      await deps.collectOrphans(today);
      await checkRenewals(deps);
      const alreadyOpen = Math.max(0, (await countOpenCases(deps.db, run.businessDay)) - progress.opened);
      progress = { ...progress, alreadyOpen };
      await finishIntakeRun(deps.db, runId, progress);
      return countsOf(progress);
    },
  };
}

/** Renewals by a person that the core system does not confirm (business.md, Contact results). */
async function checkRenewals({ db, calendar }: Deps): Promise<void> {
  for (let over = false; !over;) {
    heartbeat();
    ({ over } = await db.transaction((tx) => assignRenewalChecks(tx, calendar)));
  }
}

type Taken = 'opened' | 'already-open' | { leftOut: string } | 'not-yet';

async function takePage(
  deps: Deps,
  run: { id: string; businessDay: Day },
  { page, progress }: { page: Candidate[]; progress: IntakeProgress },
): Promise<IntakeProgress> {
  const counts = countsOf(progress);
  for (let from = 0; from < page.length; from += startsAtOnce) {
    const taken = await Promise.all(page.slice(from, from + startsAtOnce).map((one) => takeCandidate(deps, run, one)));
    for (const one of taken) {
      if (one === 'opened') counts.opened += 1;
      else if (one === 'already-open') counts.alreadyOpen += 1;
      else if (one !== 'not-yet') counts.leftOut[one.leftOut] = (counts.leftOut[one.leftOut] ?? 0) + 1;
    }
  }
  const last = page.at(-1)?.policy;
  return { ...counts, cursor: last ? { expiresOn: last.expiresOn, id: last.id } : progress.cursor };
}

async function takeCandidate(deps: Deps, run: { id: string; businessDay: Day }, candidate: Candidate): Promise<Taken> {
  if (candidate.renewalId !== null) {
    if (!candidate.running) await deps.startCase(candidate.renewalId);
    return 'already-open';
  }
  const decision = decideEligibility(candidate.facts, run.businessDay);
  switch (decision.kind) {
    case 'not-yet':
      return 'not-yet';
    case 'left-out':
      await markLeftOut(deps.db, candidate.policy.id, decision.reason);
      return { leftOut: decision.reason };
    case 'eligible': {
      const opening = { runId: run.id, calendar: deps.calendar };
      const renewalId = await deps.db.transaction((tx) => openRenewal(tx, candidate.policy, opening));
      if (renewalId === undefined) return 'already-open';
      await deps.startCase(renewalId);
      return 'opened';
    }
  }
}

function countsOf(progress: IntakeProgress): IntakeCounts {
  const { opened, alreadyOpen } = progress;
  return { opened, alreadyOpen, leftOut: { ...(progress.leftOut as Record<string, number>) } };
}
