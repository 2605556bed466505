import { sleep } from '@temporalio/activity';
import { lockFleet } from '../src/db/cases/case-locks.ts';
import { readSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type { Notice } from '../src/renewal/case-notice.ts';
import { followPlanInBooks, type FollowedPlan } from './follow-plan.ts';

export type FollowDeps = {
  db: Db;
  calendar: Calendar;
  notifyCase: (renewalId: string, notice: Notice) => Promise<unknown>;
};

export type Followed = { looked: number; followed: number; nudged: number };

/** How cases are told: the key makes a repeat change nothing, `turn` waits until the next one may be told. */
export type Telling = { key: string; turn: () => Promise<void>; by?: RolloutTelling };

/** A roll-out remembers whom it told, by its plan version. */
type RolloutTelling = { planVersion: number; note: (renewalId: string) => Promise<void> };

/**
 * Brings the books of some cases to the plan now in force, one transaction each, and tells the workflows that would sleep
 * too long: after the commit, so that a case that wakes finds its books. Whoever dies in between finds those cases again,
 * because their workflows are not known to have armed the plan.
 */
export async function followCases(deps: FollowDeps, ids: readonly string[], telling: Telling): Promise<Followed> {
  const cases = await Promise.all(ids.map((id) => followOne(deps, id)));
  const moved = cases.flatMap((one) => (one.result.kind === 'follows' ? [{ ...one, ...one.result.following }] : []));
  const awake = moved.filter((one) => one.nudge);
  for (const one of awake) if (one.toldBy !== telling.by?.planVersion) await tell(deps, one.id, telling);
  return { looked: ids.length, followed: moved.length, nudged: awake.length };
}

type FollowedCase = { id: string; toldBy: number; result: FollowedPlan };

function followOne({ db, calendar }: FollowDeps, id: string): Promise<FollowedCase> {
  return db.transaction(async (tx) => {
    const situation = await readSituation(tx, id, calendar);
    await lockFleet(tx, situation.renewal.fleetId);
    return { id, toldBy: situation.renewal.toldPlanVersion, result: await followPlanInBooks(tx, situation) };
  });
}

/** A case without a workflow hears nothing: it starts by the plan that is in force then. */
async function tell({ notifyCase }: FollowDeps, renewalId: string, { key, turn, by }: Telling): Promise<void> {
  await turn();
  await notifyCase(renewalId, { key, kind: 'replanned' });
  await by?.note(renewalId);
}

/** Lets so many a second pass, one after the other; ends with the activity. */
export function paceOf(perSecond: number): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = Date.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1_000 / perSecond;
    if (at > now) await sleep(at - now);
  };
}
