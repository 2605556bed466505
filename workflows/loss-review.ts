import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { LossReviewActivities, LossReviewed } from '../activities/loss-review.ts';

const { drawLosses } = proxyActivities<LossReviewActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '5s', maximumInterval: '5m' },
});

/** Set by the server on what a schedule starts: when it was planned for, whenever it came to it. */
const plannedStart = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** The monthly call-back sample of lost cases; started by hand it takes the month before the present one. */
export async function lossReview(): Promise<LossReviewed> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const planned = typedSearchAttributes.get(plannedStart) ?? startTime;
  const reviewed = await drawLosses({ scheduledAt: planned.getTime() });
  setCurrentDetails(`drawn from the losses of ${reviewed.month}: ${reviewed.drawn}`);
  return reviewed;
}
