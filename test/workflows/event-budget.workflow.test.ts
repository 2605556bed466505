import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgets, countHistory } from '../support/event-budget.ts';
import { liveJourney } from '../support/lived-journey.ts';
import { startCases, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

describe('the budget of a case', () => {
  test.each(budgets)('$journey.name takes at most $events events', async ({ journey, events, actions }) => {
    const spent = countHistory(await liveJourney(cases, journey));
    expect(spent.events).toBeLessThanOrEqual(events);
    expect(spent.actions).toBeLessThanOrEqual(actions ?? Infinity);
  });
});
