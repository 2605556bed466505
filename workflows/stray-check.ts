import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { StrayActivities, StraysFound } from '../activities/strays.ts';

const { followStrays } = proxyActivities<StrayActivities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '5s', maximumInterval: '5m' },
});

/** The nightly look for cases that follow another plan than the one in force, whoever forgot to tell them. */
export async function strayCheck(): Promise<Omit<StraysFound, 'after'>> {
  const { looked, followed, nudged } = await followStrays();
  setCurrentDetails(`looked at ${looked} cases behind their plan, brought ${followed} along, woke ${nudged}`);
  return { looked, followed, nudged };
}
