import { activityInfo, heartbeat } from '@temporalio/activity';
import { readClock } from '../src/db/business-clock.ts';
import { casesBehindTheirPlan } from '../src/db/plans/rollout-records.ts';
import { followCases, paceOf, type FollowDeps, type Followed, type Telling } from './follow-cases.ts';

/** What the nightly check found: cases behind the plan in force, those whose books had to follow, those it woke. */
export type StraysFound = Followed & { after: string };

export type StrayActivities = { followStrays: () => Promise<StraysFound> };

const pageSize = 200;
const atOnce = 10;
const nudgesPerSecond = 20;

/**
 * Compares what every open case has armed with the plan in force, and tells those that would sleep too long: whatever a
 * roll-out or Temporal lost. Cases that only wait longer now are left alone.
 */
export function createStrayActivities(deps: FollowDeps): StrayActivities {
  return {
    async followStrays() {
      const telling = { key: `replan.stray.${await businessDay(deps)}`, turn: paceOf(nudgesPerSecond) };
      let found = foundBefore() ?? { after: '', looked: 0, followed: 0, nudged: 0 };
      for (let page = await pageAfter(deps, found); page.length > 0; page = await pageAfter(deps, found)) {
        for (let from = 0; from < page.length; from += atOnce) {
          heartbeat(found);
          found = await add(deps, found, { ids: page.slice(from, from + atOnce), telling });
        }
      }
      return found;
    },
  };
}

function pageAfter({ db }: FollowDeps, { after }: StraysFound): Promise<string[]> {
  return casesBehindTheirPlan(db, { which: { kind: 'all' }, after, limit: pageSize });
}

async function add(
  deps: FollowDeps,
  found: StraysFound,
  { ids, telling }: { ids: readonly string[]; telling: Telling },
): Promise<StraysFound> {
  const { looked, followed, nudged } = await followCases(deps, ids, telling);
  return {
    after: ids.at(-1) ?? found.after,
    looked: found.looked + looked,
    followed: found.followed + followed,
    nudged: found.nudged + nudged,
  };
}

/** Where an attempt before this one died. */
function foundBefore(): StraysFound | undefined {
  return activityInfo().heartbeatDetails as StraysFound | undefined;
}

/** A case that was told in vain yesterday is told again. */
async function businessDay({ db, calendar }: FollowDeps): Promise<string> {
  return calendar.dayOf((await readClock(db)).now);
}
