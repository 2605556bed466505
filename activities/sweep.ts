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
      const failures: unknown[] = [];
      const swept = await sweepOnce(deps, { overdue, failures });
      // After all steps: what fails is seen, and stands in the way of nothing else.
      if (failures.length > 0) throw failures[0];
      return swept;
    },
  };
}

type Pass = { overdue: { after: string }; failures: unknown[] };

async function sweepOnce(deps: Deps, { overdue, failures }: Pass): Promise<Swept> {
  const { db, calendar } = deps;
  const each = eachOf.bind(undefined, failures) as Each;
  // First, because nobody can settle a message while its attempt is thought to live.
  const interrupted = await count(failures, () => giveUpOldClaims(db, atMost));
  const started = await each(() => casesWithoutWorkflow(db, atMost), deps.startCase);
  const resent = await each(() => takeStaleResults(db, atMost), deps.settleResult);
  const restarted = await reviveOverdue(deps, overdue, each);
  const corrected = await each(
    () => casesBehindTheirExpiry(db, atMost),
    ({ renewalId, revision }) => deps.notifyCase(renewalId, { key: `expiry.${revision}`, kind: 'expiry-corrected' }),
  );
  const held = await each(() => casesBehindTheirHold(db, atMost), deps.tellHold);
  const reported = await each(
    () => casesBehindTheCore(db, atMost),
    ({ renewalId, renewedAs }) => deps.notifyCase(renewalId, noticeOfCore(renewedAs)),
  );
  const handovers = await each(() => handoversBehind(db, atMost), deps.tellHandover);
  const concessions = await each(() => concessionsBehind(db, atMost), deps.tellConcession);
  const rollouts = await each(() => rolloutsStandingStill(db), deps.startRollout);
  const taken = await each(
    () => closedCasesWithTasks(db, atMost),
    (id) => db.transaction((tx) => dropStrayTasks(tx, id, calendar)),
  );
  const nudged = corrected + held + reported;
  return { started, restarted, resent, nudged, handovers, concessions, rollouts, taken, interrupted };
}

type Each = <Item>(find: () => Promise<readonly Item[]>, mend: (item: Item) => Promise<unknown>) => Promise<number>;

async function reviveOverdue({ db, reviveCase }: Deps, overdue: { after: string }, each: Each): Promise<number> {
  let restarted = 0;
  const nextPage = async (): Promise<string[]> => {
    const page = await overdueCases(db, atMost, overdue.after);
    overdue.after = page.length < atMost ? '' : (page.at(-1) ?? '');
    return page;
  };
  await each(nextPage, async (id) => void (restarted += (await reviveCase(id)) ? 1 : 0));
  return restarted;
}

/** Answers how many were mended; what fails, the search or one of them, is kept. */
async function eachOf<Item>(
  failures: unknown[],
  find: () => Promise<readonly Item[]>,
  mend: (item: Item) => Promise<unknown>,
): Promise<number> {
  return count(failures, async () => {
    let mended = 0;
    for (const item of await find()) {
      heartbeat();
      mended += await count(failures, async () => {
        await mend(item);
        return 1;
      });
    }
    return mended;
  });
}

async function count(failures: unknown[], step: () => Promise<number>): Promise<number> {
  try {
    return await step();
  } catch (error) {
    failures.push(error);
    return 0;
  }
}
