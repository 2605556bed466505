import type { CaseSituation } from '../db/cases/case-situation.ts';
import type { OtherCase, VehicleKey } from '../db/messages/message-records.ts';
import { dayMs, type Instant } from '../renewal/calendar.ts';
import { planCase } from '../renewal/case-plan.ts';

/** Whether two policies are companions: written for one vehicle, by plate or by VIN (business.md, Words). */
export function isSameVehicle(one: VehicleKey, other: VehicleKey): boolean {
  return (one.plate !== null && one.plate === other.plate) || (one.vin !== null && one.vin === other.vin);
}

/**
 * Whether a message that goes now speaks for the other case too: a companion whose same touch comes due within a day
 * (business ms), planned by its stage already or by the plan in force once its stage opens.
 */
export function sharesTouch(other: OtherCase, touch: string, situation: CaseSituation): boolean {
  if (!isSameVehicle(other, situation.policy)) return false;
  const dueAt = other.state === null ? dueByPlan(other, touch, situation) : plannedAt(other);
  return dueAt !== undefined && dueAt < situation.clock.now + dayMs;
}

function plannedAt({ state, dueAt }: OtherCase): Instant | undefined {
  return state === 'planned' ? dueAt?.getTime() : undefined;
}

/** Nothing for a touch that the case will find missed when its stage opens. */
function dueByPlan(other: OtherCase, touch: string, situation: CaseSituation): Instant | undefined {
  const { calendar, clock, stagePlan } = situation;
  const plan = planCase({ expiresOn: other.expiresOn, spreadKey: other.renewalId }, stagePlan, calendar);
  const planned = plan.touches.find(({ key }) => key === touch);
  const openedOn = calendar.dayOf(other.openedAt.getTime());
  if (!planned || planned.latestAt <= clock.now || planned.dueOn < openedOn) return undefined;
  return planned.dueAt;
}
