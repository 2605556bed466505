import { TestWorkflowEnvironment } from '@temporalio/testing';
import { silentProgress } from '../src/stack/progress.ts';
import { budgets, countHistory } from '../test/support/event-budget.ts';
import { liveJourney } from '../test/support/lived-journey.ts';
import { startCases } from '../test/support/running-cases.ts';
import { findTimeSkippingServer } from '../test/support/time-skipping-server.ts';

// Prints what the journeys with a budget really take: node bench/event-budget.ts
const executable = await findTimeSkippingServer(silentProgress);
const cases = await startCases(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
const table: Record<string, object> = {};
for (const { journey, events, actions } of budgets) {
  const spent = countHistory(await liveJourney(cases, journey));
  const allowed = { 'events allowed': events, 'actions allowed': actions ?? '-' };
  table[journey.name] = { events: spent.events, actions: spent.actions, ...allowed, ...spent.byKind };
}
await cases.close();
console.table(table);
