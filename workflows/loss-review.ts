import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { LossReviewActivities, LossReviewed } from '../activities/loss-review.ts';
import { plannedStart } from './planned-start.ts';

const { drawLosses } = proxyActivities<LossReviewActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '5s', maximumInterval: '5m' },
});

/** The monthly call-back sample of lost cases; started by hand it takes the month before the present one. */
export async function lossReview(): Promise<LossReviewed> {
  const reviewed = await drawLosses({ scheduledAt: plannedStart() });
  setCurrentDetails(`drawn from the losses of ${reviewed.month}: ${reviewed.drawn}`);
  return reviewed;
}
