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
const nobody = { handedOut: 'nobody', notHandedOut: 'nobody' } as const;
const supervisor = { handedOut: 'supervisor', notHandedOut: 'supervisor' } as const;
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

test.each<[number, string, StagePlan]>([
  [1, 'nobody takes over out of the chase any more', changed((plan) => (plan.stages[2].unanswered = nobody))],
  [
    0,
    'nobody takes over out of a stage that is behind the case',
    changed((plan) => (plan.stages[0].unanswered = nobody)),
  ],
  [0, 'another one takes over', changed((plan) => (plan.stages[2].unanswered = supervisor))],
])('a preview counts %i case where %s', (count, _, target) => {
  const before = changed(() => {});
  const present = presentAt(daysBeforeT(20));
  const one = aRunningCase(before, present.now);
  const plans = { books: before, armed: before, target, planned: planning(one, shanghai) };
  const tally = tallyPreview(present);

  tally.add({ one, plans, following: followPlan(one, plans, present), fleetId: null } as PreviewedCase);

  expect(tally.answer()).toMatchObject({ casesWithoutEscalation: count });
});
