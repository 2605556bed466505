import type { Caps, QuietHours } from './settings.ts';
import type { StagePlan } from './stage-plan.ts';

/** Minutes of the business day between which customers are written to; empty when it ends before it begins. */
export type SendingWindow = StagePlan['sendingWindow'];

/**
 * When customers are really written to: inside the stage plan's window and outside the quiet hours. A plan may be stricter
 * than the quiet hours, never looser (business.md, Restraint).
 */
export function sendingWindowUnder(planned: SendingWindow, quiet: QuietHours): SendingWindow {
  return {
    fromMinute: Math.max(planned.fromMinute, quiet.toMinute),
    toMinute: Math.min(planned.toMinute, quiet.fromMinute),
  };
}

/** All of the day that lies outside the quiet hours, however narrow the stage plan's window is. */
export function daytimeOf({ fromMinute, toMinute }: QuietHours): SendingWindow {
  return { fromMinute: toMinute, toMinute: fromMinute };
}

/** Whether a window leaves any time at all. */
export function leavesTimeToSend({ fromMinute, toMinute }: SendingWindow): boolean {
  return fromMinute < toMinute;
}

/** How much reaches a customer: the lower of what the stage plan and the house allow, for the day and the week alike. */
export function capsUnder(planned: Caps, house: Caps): Caps {
  return {
    touchesPerDay: Math.min(planned.touchesPerDay, house.touchesPerDay),
    contactsPerWeek: Math.min(planned.contactsPerWeek, house.contactsPerWeek),
  };
}
