import { expect, test } from 'vitest';
import { followPlan, planning } from '../../src/renewal/follow-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import type { PreviewedCase } from '../../src/reporting/preview/preview-cases.ts';
import { tallyPreview } from '../../src/reporting/preview/preview-tally.ts';
import { changed } from '../support/given-plan-change.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { aRunningCase, presentAt } from '../support/given-running-case.ts';

const wrapUpAtOnce = changed((plan) => {
  plan.stages[2].endsDaysBefore = 25;
  plan.stages[3].opensDaysBefore = 25;
});
const longerGrace = changed((plan) => (plan.graceDays = 4));

test.each<[number, string, StagePlan, string | null]>([
  [1, 'a fleet that gains or loses what it negotiates once', wrapUpAtOnce, 'F1'],
  [0, 'a fleet whose work stays as it is', longerGrace, 'F1'],
  [0, 'no fleet', wrapUpAtOnce, null],
])('a preview counts %i case of %s', (...[count, , target, fleetId]) => {
  const before = changed(() => {});
  const present = presentAt(daysBeforeT(20));
  const one = aRunningCase(before, present.now);
  const plans = { books: before, armed: before, target, planned: planning(one, shanghai) };
  const tally = tallyPreview(present);

  tally.add({ one, plans, following: followPlan(one, plans, present), fleetId } as PreviewedCase);

  expect(tally.answer()).toMatchObject({ concerned: 1, casesOfFleets: count });
});
