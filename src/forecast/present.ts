import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { CasePlan } from '../renewal/case-plan.ts';
import type { CaseState } from '../renewal/case-state.ts';
import type { Settings } from './rules-in-force.ts';
import type { StagePlan } from '../renewal/stage-plan.ts';
import type { ForecastCase, Household } from './forecast-case.ts';
import type { Log } from './happenings.ts';

/** A case that lives through the days of a forecast. */
export type LivingCase = {
  read: ForecastCase;
  household: Household;
  stagePlan: StagePlan;
  plan: CasePlan;
  planVersion: number;
  state: CaseState;
};

/** What all cases share: the calendar, the house's settings, and where they tell what happens. */
export type World = { calendar: Calendar; settings: Settings; log: Log };

/** Whether the customer's refusal of contact, as it stands, is over by an instant. */
export function mayBeWrittenTo({ state, household }: LivingCase, at: Instant): boolean {
  const { doNotContactUntil } = household.customer;
  return !state.refusedContact && (doNotContactUntil === null || doNotContactUntil.getTime() <= at);
}
