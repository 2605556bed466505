import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { Stage, StagePlan, StageRule } from '../../src/renewal/stage-plan.ts';
import { withStage } from './given-plans.ts';

const touchesOf = (stage: Stage) => defaultStagePlan.stages.find((rule) => rule.stage === stage)!.touches;

const changes: [Stage, Partial<StageRule>][] = [
  [
    'preparation',
    {
      opensDaysBefore: 58,
      endsDaysBefore: 50,
      touches: touchesOf('preparation').map((touch) => ({ ...touch, daysBefore: 56 })),
      tasks: [{ kind: 'file-check' }, { kind: 'accept-entry' }],
    },
  ],
  [
    'follow-up',
    {
      opensDaysBefore: 50,
      endsDaysBefore: 25,
      tasks: [{ kind: 'first-contact', dueWorkdays: 2 }, { kind: 'indicative-quote' }],
    },
  ],
  [
    'intensive-chase',
    {
      opensDaysBefore: 25,
      endsDaysBefore: 10,
      touches: touchesOf('intensive-chase').map((touch) =>
        touch.key === 't-30' ? { ...touch, daysBefore: 25 } : { ...touch, daysBefore: 18, channels: ['sms'] },
      ),
      tasks: [{ kind: 'firm-quote' }, { kind: 'phone-attempt', startsDaysBefore: 12 }, { kind: 'key-client-visit' }],
    },
  ],
  [
    'wrap-up',
    {
      opensDaysBefore: 10,
      touches: touchesOf('wrap-up')
        .filter(({ key }) => key !== 't-3')
        .map((touch) => (touch.key === 't-7' ? { ...touch, daysBefore: 9, channels: ['sms', 'email'] } : touch)),
      tasks: [{ kind: 'last-offer', dueWorkdays: 1 }],
    },
  ],
];

/**
 * A plan that differs from the default one in every way: stages end sooner and later, so that cases jump forward and back;
 * touches move, go and gain a channel; work moves, goes and comes; the grace is a day shorter.
 */
export const anotherPlan: StagePlan = {
  ...changes.reduce((plan, [stage, changed]) => withStage(stage, changed, plan), defaultStagePlan),
  graceDays: 2,
  minimumAttempts: 2,
};
