import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { replanJourneys } from './replan-journeys.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

describe('a case whose stage plan changes', () => {
  test.each(replanJourneys)('$name', async ({ day, facts, live, outcome }) => {
    const one = await cases.open(facts ?? {});
    await one.until(day);
    await live(one);
    expect(await one.outcome()).toEqual(outcome);
    const { story } = one.books;
    expect(story.filter((line) => line.includes(' closes '))).toHaveLength(1);
    expect(new Set(one.books.sent).size).toBe(one.books.sent.length);
  });
});
