import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { journeys } from './journeys.ts';

const mainJourneys = journeys.filter(({ name }) => !/^(before|preparation|follow-up|grace): /.test(name));
const ways = [
  { way: 'workers that keep their cases in memory', options: {}, lived: journeys },
  { way: 'workers that replay every step from history', options: { maxCachedWorkflows: 0 }, lived: mainJourneys },
];

const stories = new Map<string, readonly string[]>();

describe.each(ways)('every stage and outcome, with $way', ({ options, lived }) => {
  let cases: RunningCases;

  beforeAll(async () => {
    cases = await startCases(createTimeSkippingEnvironment, options);
  });
  afterAll(() => cases.close());

  test.each(lived)('$name', async ({ name, day, facts, live, outcome }) => {
    const one = await cases.open(facts ?? {});
    await one.until(day);
    await live(one);
    expect(await one.outcome()).toEqual(outcome);
    const { story } = one.books;
    expect(story.filter((line) => line.includes(' closes '))).toHaveLength(1);
    const sent = story.filter((line) => /(sms|email) /.test(line)).map((line) => line.replace(/^T.\d+ /, ''));
    expect(new Set(sent).size).toBe(sent.length);
    expect(stories.get(name) ?? story).toEqual(story);
    stories.set(name, story);
  });
});
