import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { PlanLimits } from '../../src/renewal/plan-problem.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';

// A change may also write what no plan may say; the check is what finds it.
// oxlint-disable-next-line typescript/no-explicit-any -- see above
export type PlanChange = (plan: any) => unknown;

/** What the house allows while nobody has changed a setting, with the templates that touches have. */
export const houseLimits: PlanLimits = {
  quietHours: defaultSettings['quiet-hours'],
  caps: defaultSettings.caps,
  templates: ['expiry-notice', 'offer-open', 'expiry-near', 'last-week', 'last-days', 'expiry-day'],
};

/** The default plan with something changed. */
export function changed(change: PlanChange): StagePlan {
  const plan = structuredClone(defaultStagePlan);
  change(plan);
  return plan;
}
