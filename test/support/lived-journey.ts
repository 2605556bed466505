import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Journey } from '../workflows/journeys.ts';
import type { RunningCases } from './running-cases.ts';

/** Lives a journey to its end and answers the history that Temporal kept of it. */
export async function liveJourney(cases: RunningCases, { facts, day, live }: Journey): Promise<History> {
  const one = await cases.open(facts ?? {});
  await one.until(day);
  await live(one);
  await one.outcome();
  return one.handle.fetchHistory();
}
