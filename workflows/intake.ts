import { proxyActivities, setCurrentDetails, uuid4 } from '@temporalio/workflow';
import type { IntakeActivities, IntakeCounts } from '../activities/intake.ts';

const { openDueCases } = proxyActivities<IntakeActivities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/** Opens the case of every policy that has come within the horizon; asked for by a person or by the nightly schedule. */
export async function intake(asked?: { runId: string; requestedBy: string }): Promise<IntakeCounts> {
  const counts = await openDueCases(asked ?? { runId: uuid4(), requestedBy: 'schedule' });
  const leftOut = Object.entries(counts.leftOut).map(([reason, policies]) => `- ${reason}: ${policies}`);
  setCurrentDetails([`opened ${counts.opened}, already open ${counts.alreadyOpen}, left out:`, ...leftOut].join('\n'));
  return counts;
}
