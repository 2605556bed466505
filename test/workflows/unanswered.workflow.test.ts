import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

describe('a case that nobody works', () => {
  test('goes from stage to stage, writes to the customer, escalates, and closes as lost with no result', async () => {
    const unanswered = await cases.open();
    expect(await unanswered.outcome()).toEqual({ kind: 'lost', reason: 'no-result', renewable: true });
    expect(unanswered.books.story).toEqual([
      'T-60 opens preparation',
      'T-60 sms t-60',
      'T-60 email t-60',
      'T-45 escalates accept-reminder',
      'T-45 opens follow-up',
      'T-30 escalates coaching',
      'T-30 opens intensive-chase',
      'T-30 sms t-30',
      'T-15 sms t-15',
      'T-15 email t-15',
      'T-7 escalates call-centre-case',
      'T-7 opens wrap-up',
      'T-7 sms t-7',
      'T-3 sms t-3',
      'T-0 email t-0',
      'T+3 closes lost no-result (grace-ended)',
    ]);
  });
});
