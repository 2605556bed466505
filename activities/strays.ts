import { activityInfo, heartbeat } from '@temporalio/activity';
import { readClock } from '../src/db/business-clock.ts';
import { toleranceOf } from '../src/db/cases/case-situation.ts';
import { readPlans } from '../src/db/cases/plan-records.ts';
import { presentOf } from '../src/db/cases/running-case.ts';
import { readConcernedCases, type ConcernedCase } from '../src/db/plans/concerned-cases.ts';
import { readTargets } from '../src/db/plans/plan-targets.ts';
import { defaultStagePlan } from '../src/renewal/default-stage-plan.ts';
import { followPlan } from '../src/renewal/follow-plan.ts';
import { followCases, paceOf, type FollowDeps, type Followed, type Telling } from './follow-cases.ts';

/** What the nightly check found: cases behind the plan they follow, those whose books had to follow, those it woke. */
export type StraysFound = Followed & { after: string };

export type StrayActivities = { followStrays: () => Promise<StraysFound> };

// A page looks once more which roll-outs are paused; that takes some tenths of a second at a million cases.
const pageSize = 1_000;
const atOnce = 10;
const nudgesPerSecond = 20;
const beatEveryMs = 5_000;

/**
 * Compares what every open case has armed with the plan that it follows, and tells those that would sleep too long: whatever
 * a roll-out or Temporal lost. Cases that only wait longer now are looked at and left alone; those of a paused roll-out wait.
 */
export function createStrayActivities(deps: FollowDeps): StrayActivities {
  return {
    async followStrays() {
      let found = foundBefore() ?? { after: '', looked: 0, followed: 0, nudged: 0 };
      const beats = setInterval(() => heartbeat(found), beatEveryMs);
      try {
        const telling = { key: `replan.stray.${await businessDay(deps)}`, turn: paceOf(nudgesPerSecond) };
        for (let page = await pageAfter(deps, found); page.length > 0; page = await pageAfter(deps, found)) {
          for await (const known of followPage(deps, page, { found, telling })) found = known;
        }
        return found;
      } finally {
        clearInterval(beats);
      }
    },
  };
}

async function pageAfter({ db }: FollowDeps, { after }: StraysFound): Promise<ConcernedCase[]> {
  return readConcernedCases(db, await readTargets(db, { kind: 'strays' }), { after, limit: pageSize });
}

type Going = { found: StraysFound; telling: Telling };

/** Says after every few cases what was found so far: a page whose cases are all told takes a minute. */
async function* followPage(
  deps: FollowDeps,
  page: readonly ConcernedCase[],
  going: Going,
): AsyncGenerator<StraysFound> {
  const astray = await strayOf(deps, page);
  let { found } = going;
  const calm = page.length - astray.length;
  for (let from = 0; from < astray.length; from += atOnce) {
    const ids = astray.slice(from, from + atOnce);
    const { looked, followed, nudged } = await followCases(deps, ids, going.telling);
    found = {
      after: ids.at(-1) ?? found.after,
      looked: found.looked + looked,
      followed: found.followed + followed,
      nudged: found.nudged + nudged,
    };
    yield found;
  }
  yield { ...found, looked: found.looked + calm, after: page.at(-1)?.one.renewalId ?? found.after };
}

/** Those with books to bring along or a workflow to wake, by a look that locks nobody; each is looked at again under its lock. */
async function strayOf({ db, calendar }: FollowDeps, page: readonly ConcernedCase[]): Promise<string[]> {
  const clock = await readClock(db);
  const present = presentOf({ clock, tolerance: toleranceOf(clock), calendar });
  const known = await readPlans(db, [...new Set(page.flatMap(({ versions }) => Object.values(versions)))]);
  const planOf = (version: number) => known.get(version) ?? defaultStagePlan;
  const isStray = ({ one, versions: { books, armed, target } }: ConcernedCase): boolean =>
    books !== target ||
    followPlan(one, { books: planOf(books), armed: planOf(armed), target: planOf(target) }, present).nudge;
  return page.filter(isStray).map(({ one }) => one.renewalId);
}

/** Where an attempt before this one died. */
function foundBefore(): StraysFound | undefined {
  return activityInfo().heartbeatDetails as StraysFound | undefined;
}

/** A case that was told in vain yesterday is told again. */
async function businessDay({ db, calendar }: FollowDeps): Promise<string> {
  return calendar.dayOf((await readClock(db)).now);
}
