import type { Stage, StagePlan } from '../../src/renewal/stage-plan.ts';
import { unspread } from '../support/given-plan.ts';
import type { RunningCase } from '../support/running-cases.ts';
import type { Journey } from './journeys.ts';

/** The default plan with other days: on how many days before T stages open, and how long the grace lasts. */
type PlanChange = Partial<Record<Stage, number>> & { graceDays?: number };

function changed({ graceDays = unspread.graceDays, ...opens }: PlanChange): StagePlan {
  const opensOn = unspread.stages.map(({ stage, opensDaysBefore }) => opens[stage] ?? opensDaysBefore);
  const stages = unspread.stages.map((rule, turn) => ({
    ...rule,
    opensDaysBefore: opensOn[turn] ?? rule.opensDaysBefore,
    endsDaysBefore: opensOn[turn + 1] ?? rule.endsDaysBefore,
  }));
  return { ...unspread, graceDays, stages };
}

/** The books change; a case that sleeps too long hears of it, any other finds it at its next step. */
async function publish(one: RunningCase, change: PlanChange): Promise<void> {
  one.books.stagePlan = changed(change);
  one.books.planVersion += 1;
}

async function publishAndNudge(one: RunningCase, change: PlanChange): Promise<void> {
  await publish(one, change);
  await one.hears({ key: `plan.${one.books.planVersion}`, kind: 'replanned' });
}

type Replan = readonly [where: string, day: number, how: string, change: PlanChange];

/** What a new plan can do to a case in each stage; business.md's plan has stages at T-60, T-45, T-30 and T-7. */
const nudged: readonly Replan[] = [
  ['before the first stage', 61, 'opens it at once', { preparation: 70 }],
  ['preparation', 50, 'shortens the stage', { 'follow-up': 48 }],
  ['preparation', 50, 'jumps to the next stage', { 'follow-up': 52 }],
  ['preparation', 50, 'goes back before the first stage', { preparation: 48 }],
  ['follow-up', 40, 'shortens the stage', { 'intensive-chase': 38 }],
  ['follow-up', 40, 'jumps to the next stage', { 'intensive-chase': 42 }],
  ['follow-up', 40, 'jumps over a stage', { 'intensive-chase': 44, 'wrap-up': 41 }],
  ['follow-up', 40, 'goes back to the stage before', { 'follow-up': 38 }],
  ['intensive-chase', 20, 'shortens the stage', { 'wrap-up': 17 }],
  ['intensive-chase', 20, 'jumps to the next stage', { 'wrap-up': 22 }],
  ['intensive-chase', 20, 'goes back to the stage before', { 'intensive-chase': 18 }],
  ['wrap-up', 5, 'shortens the days of grace', { graceDays: 1 }],
  ['wrap-up', 5, 'goes back to the stage before', { 'wrap-up': 4 }],
  ['grace', -1, 'shortens the days of grace', { graceDays: 2 }],
  ['grace', -1, 'ends the days of grace', { graceDays: 1 }],
];

/** A case that waits too short corrects itself. */
const unheard: readonly Replan[] = [
  ['before the first stage', 61, 'lengthens the wait', { preparation: 55 }],
  ['preparation', 50, 'lengthens the stage', { 'follow-up': 40 }],
  ['follow-up', 40, 'lengthens the stage', { 'intensive-chase': 25 }],
  ['intensive-chase', 20, 'lengthens the stage', { 'wrap-up': 5 }],
  ['wrap-up', 5, 'lengthens the days of grace', { graceDays: 10 }],
  ['grace', -1, 'lengthens the days of grace', { graceDays: 10 }],
];

const lostWithoutResult: Journey['outcome'] = { kind: 'lost', reason: 'no-result', renewable: true };

const journeysOf = (
  replans: readonly Replan[],
  roll: (one: RunningCase, change: PlanChange) => Promise<void>,
): Journey[] =>
  replans.map(([where, day, how, change]) => ({
    name: `replanned: ${where}: a new plan ${how}`,
    day,
    live: (one) => roll(one, change),
    outcome: lostWithoutResult,
  }));

/** A new plan while something else goes on. */
const meanwhile: readonly Journey[] = [
  {
    name: 'replanned: during a hold',
    day: 33,
    live: async (one) => {
      await one.holds(23);
      await publishAndNudge(one, { 'intensive-chase': 35 });
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: during a second round that stays silent',
    day: 40,
    live: async (one) => {
      await one.says('declined', { lossReason: 'price' });
      await publishAndNudge(one, { 'intensive-chase': 42 });
    },
    outcome: { kind: 'lost', reason: 'price', renewable: true },
  },
  {
    name: 'replanned: during a second round that is reopened',
    day: 40,
    live: async (one) => {
      await one.says('declined', { lossReason: 'price' });
      await publishAndNudge(one, { 'intensive-chase': 42 });
      await one.decides('reopened');
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: while nobody owns the case',
    day: 40,
    live: async (one) => {
      await one.hears({ key: 'left', kind: 'owner-left' });
      await publishAndNudge(one, { 'intensive-chase': 38 });
      await one.until(33);
      await one.hears({ key: 'assigned', kind: 'owner-assigned', ownerId: 'A2' });
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: a plan is published twice, and the second time told twice',
    day: 40,
    live: async (one) => {
      await publishAndNudge(one, { 'intensive-chase': 42 });
      await publishAndNudge(one, {});
      await one.hears({ key: `plan.${one.books.planVersion}`, kind: 'replanned' });
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: the older content comes back after a stage has turned',
    day: 40,
    live: async (one) => {
      await publishAndNudge(one, { 'intensive-chase': 38 });
      await one.until(35);
      await publishAndNudge(one, {});
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: while a stage turns',
    day: 46,
    live: async (one) => {
      one.books.during['turnStage'] = async () => {
        one.books.during = {};
        await publishAndNudge(one, { 'follow-up': 50, 'intensive-chase': 47 });
      };
    },
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: to a plan that changes nothing for the case',
    day: 40,
    live: (one) => publishAndNudge(one, { preparation: 61 }),
    outcome: lostWithoutResult,
  },
  {
    name: 'replanned: and then renewed',
    day: 40,
    live: async (one) => {
      await publishAndNudge(one, { 'intensive-chase': 42 });
      await one.says('quoted');
      await one.says('renewed');
    },
    outcome: { kind: 'renewed', early: false },
  },
];

export const replanJourneys: readonly Journey[] = [
  ...journeysOf(nudged, publishAndNudge),
  ...journeysOf(unheard, publish),
  ...meanwhile,
];
