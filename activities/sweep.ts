import { heartbeat } from '@temporalio/activity';
import type { Db } from '../src/db/connection.ts';
import { giveUpOldClaims } from '../src/db/messages/old-claims.ts';
import type { ResultRow } from '../src/db/results/result-records.ts';
import {
  casesBehindTheCore,
  casesBehindTheirExpiry,
  casesBehindTheirHold,
  casesWithoutWorkflow,
  concessionsBehind,
  handoversBehind,
  overdueCases,
  takeStaleResults,
} from '../src/db/cases/sweep-records.ts';
import { rolloutsStandingStill } from '../src/db/plans/rollout-records.ts';
import { closedCasesWithTasks, dropStrayTasks } from '../src/db/tasks/stray-tasks.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import { noticeOfCore, type Notice } from '../src/renewal/case-notice.ts';

/** How many of each kind a sweep mended. */
export type Swept = {
  started: number;
  restarted: number;
  resent: number;
  nudged: number;
  handovers: number;
  concessions: number;
  /** Roll-outs of stage plans that stood still. */
  rollouts: number;
  /** Closed cases for which somebody still had a task. */
  taken: number;
  /** Messages whose attempt died; nobody sends them again. */
  interrupted: number;
};

export type SweepActivities = { sweep: () => Promise<Swept> };

type Deps = {
  db: Db;
  calendar: Calendar;
  startCase: (renewalId: string) => Promise<void>;
  /** Looks whether the workflow of an overdue case still runs; closes the row or starts the case again where not. */
  reviveCase: (renewalId: string) => Promise<boolean>;
  settleResult: (row: ResultRow) => Promise<unknown>;
  notifyCase: (renewalId: string, notice: Notice) => Promise<unknown>;
  tellHold: (renewalId: string) => Promise<void>;
  tellHandover: (handoverId: string) => Promise<void>;
  tellConcession: (concessionId: string) => Promise<void>;
  startRollout: (rolloutId: string) => Promise<void>;
};

const atMost = 500;

/** Finds what a crash left between the books and the cases (architecture.md, When data is lost). */
export function createSweepActivities(deps: Deps): SweepActivities {
  // Cases that are late and run all the same must not stand in the way of the others: each sweep goes on after the last.
  const overdue = { after: '' };
  return {
    async sweep() {
      const { db } = deps;
      const started = await each(await casesWithoutWorkflow(db, atMost), deps.startCase);
      const resent = await each(await takeStaleResults(db, atMost), deps.settleResult);
      const restarted = await reviveOverdue(deps, overdue);
      const corrected = await each(await casesBehindTheirExpiry(db, atMost), ({ renewalId, revision }) =>
        deps.notifyCase(renewalId, { key: `expiry.${revision}`, kind: 'expiry-corrected' }),
      );
      const held = await each(await casesBehindTheirHold(db, atMost), deps.tellHold);
      const reported = await each(await casesBehindTheCore(db, atMost), ({ renewalId, renewedAs }) =>
        deps.notifyCase(renewalId, noticeOfCore(renewedAs)),
      );
      const handovers = await each(await handoversBehind(db, atMost), deps.tellHandover);
      const concessions = await each(await concessionsBehind(db, atMost), deps.tellConcession);
      const rollouts = await each(await rolloutsStandingStill(db), deps.startRollout);
      const taken = await each(await closedCasesWithTasks(db, atMost), (id) =>
        db.transaction((tx) => dropStrayTasks(tx, id, deps.calendar)),
      );
      const interrupted = await giveUpOldClaims(db, atMost);
      const nudged = corrected + held + reported;
      return { started, restarted, resent, nudged, handovers, concessions, rollouts, taken, interrupted };
    },
  };
}

async function reviveOverdue({ db, reviveCase }: Deps, overdue: { after: string }): Promise<number> {
  const page = await overdueCases(db, atMost, overdue.after);
  overdue.after = page.length < atMost ? '' : (page.at(-1) ?? '');
  let restarted = 0;
  await each(page, async (id) => void (restarted += (await reviveCase(id)) ? 1 : 0));
  return restarted;
}

async function each<Item>(items: readonly Item[], mend: (item: Item) => Promise<unknown>): Promise<number> {
  for (const item of items) {
    heartbeat();
    await mend(item);
  }
  return items.length;
}
