import { expect, test } from 'vitest';
import { faultsOf, type Verdict } from '../../src/rehearsal/verdict.ts';

const books: Verdict['books'] = {
  due: 2,
  renewed: 1,
  lost: 1,
  handedOff: 0,
  open: 0,
  notRenewable: 0,
  renewable: 2,
  ratePercent: 50,
  balanced: true,
};
const lag = { hours: 0, what: '' };
const run: Verdict['run'] = {
  play: { total: 2, done: 2, late: [], failed: [] } as unknown as Verdict['run']['play'],
  pace: { lag, worst: lag, dayMs: 1, pausedMs: 0, stretching: false },
  repeats: 0,
  wallMs: 1,
};
const ledgers = { pages: [], workflows: { Completed: 2, ContinuedAsNew: 1 }, failedOthers: 0, results: {}, unsent: {} };
const season = { books, truth: books, differences: [], run };

test('a season in which everything ended well has no fault', () => {
  expect(faultsOf({ ...season, ledgers })).toEqual([]);
});

test.each([
  ['a case that failed', { workflows: { Completed: 1, Failed: 1 } }, '1 workflows did not complete'],
  ['a sweep that failed', { failedOthers: 1 }, '1 sweeps, intakes or hand-overs failed'],
])('%s makes the rehearsal a failure', (_what, found, fault) => {
  expect(faultsOf({ ...season, ledgers: { ...ledgers, ...found } })).toEqual([fault]);
});
