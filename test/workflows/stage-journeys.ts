import { lossReasons, type LossReason } from '../../src/renewal/loss.ts';
import type { RunningCase } from '../support/running-cases.ts';
import { correctExpiry, inEachStage, lost, type Ending, type Journey } from './journeys.ts';

/** Reasons that a customer does not give: time, three attempts and a refusal of contact lead to them. */
const ofOtherWays: readonly LossReason[] = ['no-result', 'unreachable', 'refused-contact'];
export const declinedReasons = lossReasons.filter((reason) => !ofOtherWays.includes(reason));

const declines: readonly Ending[] = declinedReasons.map((reason) => ({
  name: `declined because of ${reason}, and the supervisor confirms the loss`,
  live: async (one) => {
    await one.says('declined', { lossReason: reason });
    await one.decides('confirmed-lost');
  },
  outcome: lost(reason),
}));

/** Early is what comes before the bind clock opens at T-30. */
const early: readonly Ending[] = [
  {
    name: 'renewed early by a person',
    live: (one) => one.says('renewed', { early: true }),
    outcome: { kind: 'renewed', early: true },
  },
  {
    name: 'renewed early in the core system',
    live: (one) => one.hears({ key: 'core.1', kind: 'renewed-in-core', early: true }),
    outcome: { kind: 'renewed', early: true },
  },
];

export async function decline(one: RunningCase, resultId: string): Promise<void> {
  await one.says('declined', { resultId, lossReason: 'price' });
}

/** What makes a case look for the stage of the calendar, besides a reopening and a new plan. */
const detours = (day: number): readonly Ending[] => [
  { name: 'held for two days', live: (one) => one.holds(day - 2), outcome: lost('no-result') },
  {
    name: 'a mistaken decline is corrected a day later',
    live: async (one) => {
      await decline(one, 'mistaken');
      await one.until(day - 1);
      delete one.books.secondRoundDueAt;
      await one.corrects('mistaken');
    },
    outcome: lost('no-result'),
  },
  {
    name: 'the expiry moves a week ahead',
    live: (one) => correctExpiry(one, '2027-04-07'),
    outcome: lost('no-result'),
  },
];

/** What else can happen to a case in each stage, besides the ways in which every test run lets it end. */
export const stageJourneys: readonly Journey[] = [
  ...inEachStage(() => declines),
  ...inEachStage(detours),
  ...inEachStage(() => early, { before: 61, preparation: 50, 'follow-up': 40 }),
];
