import { describe, expect, test } from 'vitest';
import { followPlan, planning, type RunningCase } from '../../src/renewal/follow-plan.ts';
import { changeJourney } from '../../src/renewal/journey-change.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { changed, type PlanChange } from '../support/given-plan-change.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { aRunningCase, presentAt } from '../support/given-running-case.ts';

const present = presentAt(daysBeforeT(40));
const unspread = (change: PlanChange): StagePlan =>
  changed((plan) => {
    plan.spreadMinutes = 0;
    change(plan);
  });
const before = unspread(() => {});

/** What becomes of the messages of a case that stands in the follow-up, T-40. */
function journey(after: StagePlan, facts: Partial<RunningCase> = {}): string[] {
  const one = aRunningCase(before, present.now, facts);
  const planned = planning(one, shanghai);
  const following = followPlan(one, { books: before, armed: before, target: after }, present);
  const changes = changeJourney(one, { before: planned(before), after: planned(after), following }, present);
  return changes.map(({ kind, touch, channel }) => `${kind} ${touch}/${channel}`);
}

const withTouch = (change: PlanChange): StagePlan => unspread((plan) => change(plan.stages[3].touches[0]));

describe('What a plan does to the rest of a journey', () => {
  test.each<[string, StagePlan, string[]]>([
    ['the same: nothing', before, []],
    ['another day of a message of a stage to come', withTouch((touch) => (touch.daysBefore = 6)), ['moved t-7/sms']],
    ['one channel more', withTouch((touch) => (touch.channels = ['sms', 'email'])), ['added t-7/email']],
    ['another template alone moves nothing', withTouch((touch) => (touch.template = 'last-days')), []],
    ['one less', unspread((plan) => plan.stages[3].touches.shift()), ['dropped t-7/sms']],
    [
      'a day that has passed, in a stage that opens now',
      unspread((plan) => {
        plan.stages[1].endsDaysBefore = 44;
        plan.stages[2].opensDaysBefore = 44;
        plan.stages[2].touches[0].daysBefore = 44;
      }),
      ['late t-30/sms'],
    ],
  ])('%s', (_title, after, expected) => {
    expect(journey(after)).toEqual(expected);
  });

  const earlier = withTouch((touch) => (touch.daysBefore = 10));

  test('a case in its second round has none', () => {
    expect(journey(earlier, { secondRoundDueAt: daysBeforeT(38) })).toEqual([]);
  });

  test('a case that is held past the day of a message never sends it, by either plan', () => {
    const wrapUpLater = unspread((plan) => {
      plan.stages[3].touches[0].daysBefore = 5;
    });

    expect(journey(wrapUpLater, { heldUntil: daysBeforeT(4) })).toEqual([]);
    expect(journey(wrapUpLater, { heldUntil: daysBeforeT(5.5) })).toEqual(['added t-7/sms']);
  });

  test('nobody is written to who refused it', () => {
    expect(journey(earlier, { mayBeWrittenTo: () => false })).toEqual([]);
  });
});
