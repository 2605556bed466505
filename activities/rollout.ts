import {
  beginRollout,
  casesBehindTheirPlan,
  completeRollout,
  noteTold,
  readRollout,
  saveRolloutStep,
  type Behind,
  type RolloutRow,
} from '../src/db/plans/rollout-records.ts';
import { readTargets, type Target } from '../src/db/plans/plan-targets.ts';
import { followCases, paceOf, type FollowDeps, type Telling } from './follow-cases.ts';

/** How far a roll-out is; `unknown` when its row is not there. */
export type RolloutProgress =
  | { state: RolloutRow['state']; planVersion: number; total: number; looked: number; followed: number; nudged: number }
  | { state: 'unknown' };

export type RolloutActivities = { followPlan: (question: { rolloutId: string }) => Promise<RolloutProgress> };

const stretchMs = 20_000;
const pageSize = 200;
// Each step keeps the cursor: after a kill at most so many cases are looked at again, and are missing in the counts.
const atOnce = 10;

/**
 * Lets the open cases for which a plan decides follow it from the cursor of its roll-out on, until all do, somebody pauses or
 * replaces it, or some time has passed, so that its workflow can tell how far it is.
 */
export function createRolloutActivities(deps: FollowDeps): RolloutActivities {
  return {
    async followPlan({ rolloutId }) {
      const until = Date.now() + stretchMs;
      const known = await readRollout(deps.db, rolloutId);
      if (!known) return { state: 'unknown' };
      const targets = await readTargets(deps.db, { kind: 'rollout', version: known.planVersion });
      const going = { telling: tellingOf(deps, known), targets, until };
      let row = await beginRollout(deps.db, known, targets);
      while (row.state === 'running' && Date.now() < until) row = await goOn(deps, row, going);
      return progressOf(row);
    },
  };
}

type Going = { telling: Telling; targets: readonly Target[]; until: number };

/** The next page; after the last one those that were passed over, and when there are none the end. */
async function goOn(deps: FollowDeps, row: RolloutRow, going: Going): Promise<RolloutRow> {
  const { targets } = going;
  const page = await pageOf(deps, targets, { which: { kind: 'all' }, after: row.cursor });
  if (page.length > 0) return followPage(deps, row, { page, going });
  const which = { kind: 'passed-over', untoldBy: row.planVersion } as const;
  const passedOver = await pageOf(deps, targets, { which, after: '' });
  if (passedOver.length === 0) return completeRollout(deps.db, row.id);
  return followPage(deps, row, { page: passedOver, going });
}

type Asked = { which: Behind; after: string };

function pageOf({ db }: FollowDeps, targets: readonly Target[], asked: Asked): Promise<string[]> {
  return casesBehindTheirPlan(db, { targets, ...asked, limit: pageSize });
}

async function followPage(
  deps: FollowDeps,
  begun: RolloutRow,
  { page, going }: { page: readonly string[]; going: Going },
): Promise<RolloutRow> {
  let row = begun;
  for (let from = 0; from < page.length && row.state === 'running' && Date.now() < going.until; from += atOnce) {
    const ids = page.slice(from, from + atOnce);
    const { looked, followed, nudged } = await followCases(deps, ids, going.telling);
    const last = ids.at(-1) ?? row.cursor;
    row = await saveRolloutStep(deps.db, row.id, {
      cursor: last > row.cursor ? last : row.cursor,
      looked: row.looked + looked,
      followed: row.followed + followed,
      nudged: row.nudged + nudged,
    });
  }
  return row;
}

/** A version is published once, so its number tells its nudges from those of all others. */
function tellingOf({ db }: FollowDeps, { planVersion, nudgesPerSecond }: RolloutRow): Telling {
  return {
    key: `replan.${planVersion}`,
    turn: paceOf(nudgesPerSecond),
    by: { planVersion, note: (renewalId) => noteTold(db, renewalId, planVersion) },
  };
}

function progressOf({ state, planVersion, total, looked, followed, nudged }: RolloutRow): RolloutProgress {
  return { state, planVersion, total, looked, followed, nudged };
}
