import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCase, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { historyIsLong } from './a-short-history.ts';
import { journeys, type Journey } from './journeys.ts';
import { shortHistories } from './short-histories.ts';

let whole: RunningCases;
let inPieces: RunningCases;

beforeAll(async () => {
  whole = await startCases(createTimeSkippingEnvironment);
  inPieces = await startCases(createTimeSkippingEnvironment, { bundle: shortHistories });
});
afterAll(async () => {
  await whole.close();
  await inPieces.close();
});

const lived = [
  'never answered',
  'never handed out',
  'a call-back is promised',
  'orphaned for a week and assigned again',
  'the expiry moves a month ahead',
  'held for ten days over the end of a stage',
  'a mistaken decline is corrected',
  'follow-up: confirmed, quoted, renewed',
  'intensive-chase: contact refused',
  'intensive-chase: declined, reopened, and never answered again',
  'intensive-chase: three attempts, unreachable, and the second round stays silent',
];

async function live(cases: RunningCases, { facts, day, live: living, outcome }: Journey): Promise<RunningCase> {
  const one = await cases.open(facts ?? {});
  await one.until(day);
  await living(one);
  expect(await one.outcome()).toEqual(outcome);
  return one;
}

test('a result that is told once more to a later run of its case counts once', async () => {
  const one = await inPieces.open();
  await one.until(40);
  const said = { resultId: `${one.id}.told-twice` };
  await one.says('not-reached', said);
  await one.until(14);
  const { runId } = await inPieces.env.client.workflow.getHandle(one.id).describe();
  expect(runId).not.toBe(one.handle.firstExecutionRunId);
  await one.says('not-reached', said);
  expect((await one.knows()).attempts).toBe(1);
  await one.says('renewed');
});

describe(`a case that ${historyIsLong.name} tells to go on elsewhere after a few events`, () => {
  test.each(journeys.filter(({ name }) => lived.includes(name)))(
    'lives the same story in several runs: $name',
    async (journey) => {
      const { books } = await live(whole, journey);
      const pieces = await live(inPieces, journey);
      expect(pieces.books.story).toEqual(books.story);
      const { runId } = await inPieces.env.client.workflow.getHandle(pieces.id).describe();
      expect(runId).not.toBe(pieces.handle.firstExecutionRunId);
    },
  );
});
