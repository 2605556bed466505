import { MockActivityEnvironment } from '@temporalio/testing';
import { uuidv7 } from 'uuidv7';
import { followPlanInBooks, type FollowedPlan } from '../../activities/follow-plan.ts';
import { createRolloutActivities, type RolloutProgress } from '../../activities/rollout.ts';
import { createStrayActivities, type StraysFound } from '../../activities/strays.ts';
import { lockFleet } from '../../src/db/cases/case-locks.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from './given-book.ts';
import { shanghai } from './given-plan.ts';
import { publish, withBoundary, type GivenScope } from './given-plans.ts';

type Tell = (renewalId: string, notice: Notice) => Promise<unknown>;

/** A book at T-40, whose cases are in follow-up, with plans that are rolled out over them; workflows only hear. */
export type RolloutBook = Book & {
  told: [string, Notice][];
  toldIds: () => string[];
  hear: Tell;
  aCase: () => Promise<string>;
  /** Publishes a plan with a roll-out that nobody has started. */
  aRollout: (plan: StagePlan, scope?: GivenScope) => Promise<string>;
  rollOut: (rolloutId: string, tell?: Tell) => Promise<RolloutProgress>;
  lookForStrays: () => Promise<StraysFound>;
  follow: (renewalId: string) => Promise<FollowedPlan>;
};

/** What the three plans do to a case in follow-up at T-40. */
export const sooner = withBoundary('follow-up', 'intensive-chase', 35);
export const later = withBoundary('follow-up', 'intensive-chase', 25);
export const atOnce = withBoundary('follow-up', 'intensive-chase', 41);

export async function openRolloutBook(): Promise<RolloutBook> {
  const book = await openBook();
  const { db } = book;
  const told: [string, Notice][] = [];
  const hear: Tell = async (renewalId, notice) => void told.push([renewalId, notice]);
  const deps = { db, calendar: shanghai };
  return {
    ...book,
    told,
    toldIds: () => told.map(([id]) => id),
    hear,
    aCase: async () => {
      await book.setTime(40);
      const id = await book.openCase();
      await book.turn(id, 'entered');
      return id;
    },
    aRollout: async (plan, scope) => {
      const id = uuidv7();
      const planVersion = await publish(db, plan, scope);
      const started = { startedBy: 'M1', startedAt: new Date('2027-02-19T12:00:00Z') };
      await db.insert(rollouts).values({ id, planVersion, state: 'running', nudgesPerSecond: 50, ...started });
      return id;
    },
    rollOut: (rolloutId, notifyCase = hear) => {
      const { followPlan } = createRolloutActivities({ ...deps, notifyCase });
      return new MockActivityEnvironment().run(followPlan, { rolloutId });
    },
    lookForStrays: () =>
      new MockActivityEnvironment().run(createStrayActivities({ ...deps, notifyCase: hear }).followStrays),
    follow: (renewalId) =>
      db.transaction(async (tx) => {
        const situation = await readSituation(tx, renewalId, shanghai);
        await lockFleet(tx, situation.renewal.fleetId);
        return followPlanInBooks(tx, situation);
      }),
  };
}
