import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities, Swept } from '../activities/sweep.ts';

const activities = proxyActivities<SweepActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '5s', maximumInterval: '1m', maximumAttempts: 5 },
});

/** Cases without a workflow are started, results that stayed behind are sent again (architecture.md, When data is lost). */
export async function sweep(): Promise<Swept> {
  return activities.sweep();
}
