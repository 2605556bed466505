import { describe, expect, test } from 'vitest';
import { followPlan, planning } from '../../src/renewal/follow-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import type { PreviewedCase } from '../../src/reporting/preview/preview-cases.ts';
import { countCost } from '../../src/reporting/preview/preview-cost.ts';
import { changed } from '../support/given-plan-change.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { aRunningCase, presentAt } from '../support/given-running-case.ts';
import { readHistories } from '../support/saved-histories.ts';

const billable = [
  'workflowExecutionSignaled',
  'activityTaskScheduled',
  'timerStarted',
  'upsertWorkflowSearchAttributes',
];
const histories = readHistories();

/** From an event of a saved history until it sleeps again: how many events, and how many of them Temporal bills. */
function spent(name: string, from: (events: readonly string[]) => number): { events: number; actions: number } {
  const { history } = histories.find(({ workflowId }) => workflowId === `2/replanned-${name}`) ?? {};
  const all = (history as { events: object[] }).events.map(kindOf);
  const start = from(all);
  const events = all.slice(start, all.indexOf('timerStarted', start) + 1);
  return { events: events.length, actions: events.filter((kind) => billable.includes(kind)).length };
}

function kindOf(event: object): string {
  const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
  return attributes.replace('EventAttributes', '');
}

const signalled = (events: readonly string[]): number => events.indexOf('workflowExecutionSignaled');

/** What the preview says of a case that stands in the follow-up, under another plan. */
function foretold(after: StagePlan): { events: number; actions: number } {
  const before = changed(() => {});
  const present = presentAt(daysBeforeT(40));
  const one = aRunningCase(before, present.now);
  const plans = { books: before, armed: before, target: after, planned: planning(one, shanghai) };
  const cost = countCost(20);
  cost.add({ one, plans, following: followPlan(one, plans, present) } as PreviewedCase);
  const { events, actions } = cost.answer();
  return { events, actions };
}

const followUpEnds = (day: number): StagePlan =>
  changed((plan) => {
    plan.stages[1].endsDaysBefore = day;
    plan.stages[2].opensDaysBefore = day;
    plan.stages[2].touches.shift();
  });
const preparationOpens = (day: number): StagePlan =>
  changed((plan) => {
    for (const [place, rule] of plan.stages.entries()) rule.opensDaysBefore = day - place;
  });

describe('What following a plan costs in Temporal is what saved histories cost', () => {
  test.each([
    ['follow-up-a-new-plan-shortens-the-stage', followUpEnds(35)],
    ['follow-up-a-new-plan-jumps-to-the-next-stage', followUpEnds(42)],
    ['preparation-a-new-plan-goes-back-before-the-first-stage', preparationOpens(30)],
  ])('where a case is told: %s', (name, after) => {
    expect(foretold(after)).toEqual(spent(name, signalled));
  });

  test('where a case wakes before its new instant', () => {
    // The timer that fires after the follow-up opened, which is the third.
    const earlyWake = (events: readonly string[]): number =>
      events.flatMap((kind, place) => (kind === 'timerFired' ? [place] : []))[2] ?? 0;

    expect(foretold(followUpEnds(20))).toEqual(spent('follow-up-a-new-plan-lengthens-the-stage', earlyWake));
  });

  test('nothing, where nothing changes for a case', () => {
    expect(foretold(changed((plan) => (plan.graceDays = 9)))).toEqual({ events: 0, actions: 0 });
  });
});

test('nudges take as long as their rate says, in tenths of a minute', () => {
  const cost = countCost(20);
  const nudged = { following: { nudge: true, stageAfter: 'follow-up' } } as PreviewedCase;
  for (let turn = 0; turn < 1_300; turn += 1) cost.add(nudged);

  expect(cost.answer()).toMatchObject({ nudges: 1_300, nudgesPerSecond: 20, minutes: 1.1, actions: 5_200 });
});
