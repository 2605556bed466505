import { deepStrictEqual } from 'node:assert/strict';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Journey } from '../workflows/journeys.ts';
import type { RunningCase, RunningCases } from './running-cases.ts';

/** Lives a journey to its end, which must be the one it is known for, and answers the history that Temporal kept of it. */
export async function liveJourney(cases: RunningCases, journey: Journey): Promise<History> {
  const one = await live(cases, journey);
  return one.handle.fetchHistory();
}

async function live(cases: RunningCases, { name, facts, day, live: living, outcome }: Journey): Promise<RunningCase> {
  const one = await cases.open(facts ?? {});
  await one.until(day);
  await living(one);
  deepStrictEqual(await one.outcome(), outcome, name);
  return one;
}

/** The same of a case that goes on in new runs: the histories of its first and of its last run. */
export async function liveJourneyInRuns(cases: RunningCases, journey: Journey): Promise<[History, History]> {
  const one = await live(cases, journey);
  const { workflow } = cases.env.client;
  const first = await workflow.getHandle(one.id, one.handle.firstExecutionRunId).fetchHistory();
  const last = await workflow.getHandle(one.id).fetchHistory();
  return [withSuggestion(first), last];
}

/**
 * Cases of tests go on in a new run after a few events, where the server would suggest it after thousands: the task that
 * ended the run says so here, as the server's would.
 */
function withSuggestion(history: History): History {
  const ending = history.events?.findLast((event) => event.workflowTaskStartedEventAttributes);
  if (ending?.workflowTaskStartedEventAttributes) ending.workflowTaskStartedEventAttributes.suggestContinueAsNew = true;
  return history;
}
