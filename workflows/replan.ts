import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RolloutActivities, RolloutProgress } from '../activities/rollout.ts';
import { rolloutSteered } from './replan-messages.ts';

const { followPlan } = proxyActivities<RolloutActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '20s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/** The open cases follow a published stage plan, paced, until all do (architecture.md, Tuning timers of cases in flight). */
export async function replan({ rolloutId }: { rolloutId: string }): Promise<RolloutProgress> {
  let steered = false;
  setHandler(rolloutSteered, () => void (steered = true), { description: 'Somebody let the roll-out go on' });
  for (;;) {
    steered = false;
    const progress = await followPlan({ rolloutId });
    setCurrentDetails(describe(progress));
    // A newer plan may take the place of one that is paused, and tells it nothing.
    if (progress.state === 'paused') await condition(() => steered, '1 day', { summary: 'paused by a person' });
    else if (progress.state !== 'running') return progress;
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof replan>({ rolloutId });
  }
}

function describe(progress: RolloutProgress): string {
  if (progress.state === 'unknown') return 'The books know of no such roll-out.';
  const { state, planVersion, total, looked, followed, nudged } = progress;
  const facts = { 'stage plan': planVersion, 'cases to follow': total, 'looked at': looked, followed, told: nudged };
  const rows = Object.entries({ state, ...facts }).map(([what, value]) => `| ${what} | ${value} |`);
  return ['| | |', '|---|---|', ...rows].join('\n');
}
