import { describe, expect, test } from 'vitest';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { comparePlans } from '../../src/renewal/plan-differences.ts';
import { changed } from '../support/given-plan-change.ts';

describe('What one plan says differently from another', () => {
  test('is nothing when they are the same', () => {
    expect(
      comparePlans(
        defaultStagePlan,
        changed(() => {}),
      ),
    ).toEqual([]);
  });

  test('names each number with both values', () => {
    const after = changed((plan) => {
      plan.graceDays = 5;
      plan.sendingWindow.fromMinute = 600;
      plan.stages[1].unanswered.handedOut = 'call-centre';
    });

    expect(comparePlans(defaultStagePlan, after)).toEqual([
      {
        path: 'stages[follow-up].unanswered.handedOut',
        before: 'supervisor',
        after: 'call-centre',
      },
      { path: 'graceDays', before: 3, after: 5 },
      { path: 'sendingWindow.fromMinute', before: 540, after: 600 },
    ]);
  });

  test('goes by the names of touches and tasks, so that one in front moves no other', () => {
    const added = { key: 't-20', daysBefore: 20, channels: ['sms'], template: 'expiry-near', late: { kind: 'skip' } };
    const after = changed((plan) => {
      plan.stages[2].touches.unshift(added);
      plan.stages[2].touches[2].daysBefore = 12;
      plan.stages[2].tasks.shift();
    });

    const { key: _key, ...touch } = added;
    expect(comparePlans(defaultStagePlan, after)).toEqual([
      { path: 'stages[intensive-chase].touches[t-15].daysBefore', before: 15, after: 12 },
      { path: 'stages[intensive-chase].touches[t-20]', before: null, after: touch },
      { path: 'stages[intensive-chase].tasks[firm-quote]', before: { kind: 'firm-quote' }, after: null },
    ]);
  });

  test('keeps a name apart that comes twice', () => {
    const after = changed((plan) => plan.stages[0].touches.push(plan.stages[0].touches[0]));

    expect(comparePlans(defaultStagePlan, after)).toMatchObject([{ path: 'stages[preparation].touches[t-60 1]' }]);
  });
});
