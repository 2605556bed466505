import { heartbeat } from '@temporalio/activity';
import { businessInstant, readClock } from '../src/db/business-clock.ts';
import type { Db } from '../src/db/connection.ts';
import { branchesWithLosses, drawLossChecks } from '../src/db/losses/loss-check-records.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import { monthToReview, type Month } from '../src/renewal/loss-sample.ts';

/** `scheduledAt` is the wall instant the run was planned for. */
type LossReviewQuestion = { scheduledAt: number };
export type LossReviewed = { month: Month; drawn: number };

export type LossReviewActivities = { drawLosses: (question: LossReviewQuestion) => Promise<LossReviewed> };

/** The monthly sample of lost cases (business.md, Figures), branch by branch; what was drawn before is not drawn again. */
export function createLossReviewActivities({ db, calendar }: { db: Db; calendar: Calendar }): LossReviewActivities {
  return {
    async drawLosses({ scheduledAt }) {
      const planned = businessInstant(await readClock(db), scheduledAt);
      const month = monthToReview(calendar.dayOf(planned));
      let drawn = 0;
      for (const branchId of await branchesWithLosses(db, month, calendar)) {
        heartbeat(branchId);
        drawn += await db.transaction((tx) => drawLossChecks(tx, { month, branchId, calendar }));
      }
      return { month, drawn };
    },
  };
}
