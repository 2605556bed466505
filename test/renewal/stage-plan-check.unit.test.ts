import { describe, expect, test } from 'vitest';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { checkStagePlan } from '../../src/renewal/stage-plan-check.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { changed, houseLimits, type PlanChange } from '../support/given-plan-change.ts';

type Row = [what: string, change: PlanChange, problems: string[]];

const two: PlanChange = (plan) => {
  plan.caps.touchesPerDay = 2;
};

const rows: Row[] = [
  ['has three stages', (plan) => plan.stages.splice(1, 1), ['stages stages-differ']],
  ['has the stages in another order', (plan) => plan.stages.push(plan.stages.shift()), ['stages stages-differ']],
  ['has a stage of its own', (plan) => (plan.stages[0].stage = 'courtship'), ['stages stages-differ']],
  [
    'has a stage that ends as it opens',
    (plan) => {
      plan.stages[0].endsDaysBefore = 30;
      plan.stages[1].opensDaysBefore = 30;
    },
    ['stages[1].endsDaysBefore stage-empty'],
  ],
  [
    'leaves days between two stages',
    (plan) => (plan.stages[1].opensDaysBefore = 40),
    ['stages[1].opensDaysBefore stage-gap'],
  ],
  [
    'gives a day to two stages',
    (plan) => (plan.stages[0].endsDaysBefore = 44),
    ['stages[1].opensDaysBefore stage-overlap'],
  ],
  [
    'opens before cases do',
    (plan) => (plan.stages[0].opensDaysBefore = 61),
    ['stages[0].opensDaysBefore before-horizon'],
  ],
  [
    'ends its last stage before the expiry',
    (plan) => {
      plan.stages[3].endsDaysBefore = 1;
      plan.stages[3].touches.pop();
    },
    ['stages[3].endsDaysBefore ends-before-expiry'],
  ],
  [
    'ends after the expiry',
    (plan) => (plan.stages[3].endsDaysBefore = -1),
    ['stages[3].endsDaysBefore day-after-expiry'],
  ],
  [
    'writes after the expiry',
    (plan) => (plan.stages[3].touches[2].daysBefore = -1),
    ['stages[3].touches[2].daysBefore day-after-expiry'],
  ],
  [
    'waits for a confirmation after preparation',
    (plan) => (plan.stages[1].counts = 'confirmed'),
    ['stages[1].counts counts-unfit'],
  ],
  [
    'waits for an outcome before wrap-up',
    (plan) => (plan.stages[2].counts = 'final-outcome'),
    ['stages[2].counts counts-unfit'],
  ],
  [
    'waits for less than an outcome in wrap-up',
    (plan) => (plan.stages[3].counts = 'effective-contact'),
    ['stages[3].counts counts-unfit'],
  ],
  ['waits for what is no result', (plan) => (plan.stages[0].counts = 'smile'), ['stages[0].counts counts-unfit']],
  [
    'escalates to a role that does not exist',
    (plan) => (plan.stages[1].unanswered.handedOut = 'director'),
    ['stages[1].unanswered.handedOut target-unfit'],
  ],
  [
    'hands a case on when it is about to close',
    (plan) => (plan.stages[3].unanswered.notHandedOut = 'call-centre'),
    ['stages[3].unanswered.notHandedOut target-unfit'],
  ],
  ['keeps cases open for months', (plan) => (plan.graceDays = 31), ['graceDays out-of-range']],
  [
    'opens the bind clock before cases open',
    (plan) => (plan.bindOpensDaysBefore = 61),
    ['bindOpensDaysBefore out-of-range'],
  ],
  ['gives up without an attempt', (plan) => (plan.minimumAttempts = 0), ['minimumAttempts out-of-range']],
  ['has a second round without an end', (plan) => (plan.secondRoundDays = 31), ['secondRoundDays out-of-range']],
  ['waits half a day for a hand-over', (plan) => (plan.handoverWorkdays = 0.5), ['handoverWorkdays out-of-range']],
  ['writes never', (plan) => (plan.caps.touchesPerDay = 0), ['caps.touchesPerDay out-of-range']],
  [
    'opens the bind clock before its first stage',
    (plan) => {
      plan.stages[0].opensDaysBefore = 50;
      plan.stages[0].touches[0].daysBefore = 50;
      plan.bindOpensDaysBefore = 55;
    },
    ['bindOpensDaysBefore bind-before-first-stage'],
  ],
  ['writes more often than the house allows', two, ['caps.touchesPerDay caps-looser']],
  [
    'contacts more often than the house allows',
    (plan) => (plan.caps.contactsPerWeek = 4),
    ['caps.contactsPerWeek caps-looser'],
  ],
  [
    'has a window that ends before it begins',
    (plan) => (plan.sendingWindow = { fromMinute: 600, toMinute: 599 }),
    ['sendingWindow.toMinute window-empty'],
  ],
  [
    'has a window that may fall into the hour which clocks leave out',
    (plan) => Object.assign(plan, { sendingWindow: { fromMinute: 600, toMinute: 660 }, spreadMinutes: 0 }),
    ['sendingWindow.toMinute window-empty'],
  ],
  [
    'writes before the quiet hours end',
    (plan) => (plan.sendingWindow.fromMinute = 539),
    ['sendingWindow.fromMinute window-in-quiet-hours'],
  ],
  [
    'writes when the quiet hours have begun',
    (plan) => (plan.sendingWindow.toMinute = 1_261),
    ['sendingWindow.toMinute window-in-quiet-hours'],
  ],
  ['spreads cases beyond its window', (plan) => (plan.spreadMinutes = 720), ['spreadMinutes spread-beyond-window']],
];

const sentences: [says: string, change: PlanChange][] = [
  [
    'preparation ends on T-45 and follow-up opens on T-40: 5 days without a stage.',
    (plan) => (plan.stages[1].opensDaysBefore = 40),
  ],
  [
    'preparation ends on T-44 and follow-up opens on T-45: 1 day in both stages.',
    (plan) => (plan.stages[0].endsDaysBefore = 44),
  ],

  ['Begins at 08:59; nobody is written to from 21:00 to 09:00.', (plan) => (plan.sendingWindow.fromMinute = 539)],
];

const problemsOf = (plan: StagePlan, limits = houseLimits): string[] =>
  checkStagePlan(plan, limits).map(({ path, code }) => `${path} ${code}`);

describe('A stage plan', () => {
  test('is fine as it comes', () => {
    expect(checkStagePlan(defaultStagePlan, houseLimits)).toEqual([]);
  });

  test.each(rows)('that %s has exactly that problem', (_what, change, problems) => {
    const found = checkStagePlan(changed(change), houseLimits);

    expect(found.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  });

  test.each(sentences)('is told: %s', (says, change) => {
    expect(checkStagePlan(changed(change), houseLimits).map(({ message }) => message)).toEqual([says]);
  });

  test('may be stricter than the house in every respect', () => {
    const stricter = changed((plan) => {
      plan.caps.contactsPerWeek = 2;
      plan.sendingWindow = { fromMinute: 600, toMinute: 1_200 };
    });

    expect(problemsOf(stricter)).toEqual([]);
  });

  test('may write twice a day within a wider cap of the house', () => {
    const plan = changed((one) => {
      two(one);
      one.stages[3].touches[1].daysBefore = 7;
    });

    expect(problemsOf(plan, { ...houseLimits, caps: { touchesPerDay: 2, contactsPerWeek: 3 } })).toEqual([]);
  });
});
