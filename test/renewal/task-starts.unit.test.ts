import { describe, expect, test } from 'vitest';
import { taskStartsAhead } from '../../src/renewal/task-starts.ts';
import { daysBeforeT, shanghai, unspread } from '../support/given-plan.ts';

const expiresOn = '2027-03-31';

describe('Work that stages still to open bring later than they open', () => {
  test('is the phone attempts from T-15, at the beginning of that day', () => {
    const starts = taskStartsAhead({ stage: 'follow-up', segment: 'claim-free', expiresOn }, unspread, shanghai);
    expect(starts).toEqual([{ what: 'task:phone-attempt', at: daysBeforeT(15, { minute: 0 }) }]);
  });

  test('is none of a stage that has opened: its tasks are given', () => {
    expect(taskStartsAhead({ stage: 'intensive-chase', segment: 'claim-free', expiresOn }, unspread, shanghai)).toEqual(
      [],
    );
  });
});
