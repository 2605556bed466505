import { proxyActivities } from '@temporalio/workflow';
import type { SettleActivities, SettledMessages } from '../activities/settle.ts';

const activities = proxyActivities<SettleActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '5s', maximumInterval: '1m', maximumAttempts: 3 },
});

/** Finds out what became of attempts of which nobody heard, and of messages whose delivery nobody reported. */
export async function settleMessages(): Promise<SettledMessages> {
  return activities.settleMessages();
}
