import { addDays, windowEndsAt, type Calendar, type Day, type Instant } from './calendar.ts';
import type { CallWindow } from './settings.ts';

/** Whether a customer may be called; `from` and `until` are business instants. */
export type CallTime = { kind: 'open'; until: Instant } | { kind: 'closed'; from: Instant };

/**
 * Whether the legal call window is open at an instant in the business zone, and when it closes or opens next
 * (business.md, Restraint: quiet hours). Its last minute is outside.
 */
export function callTimeAt(at: Instant, window: CallWindow, calendar: Calendar): CallTime {
  const today = calendar.dayOf(at);
  if (!hasCalls(today, window, calendar)) return { kind: 'closed', from: nextOpening(today, window, calendar) };
  const opensAt = calendar.instantOf(today, window.fromMinute);
  const closesAt = windowEndsAt(calendar, today, window.toMinute);
  if (at < opensAt) return { kind: 'closed', from: opensAt };
  return at < closesAt
    ? { kind: 'open', until: closesAt }
    : { kind: 'closed', from: nextOpening(today, window, calendar) };
}

function nextOpening(today: Day, window: CallWindow, calendar: Calendar): Instant {
  let day = addDays(today, 1);
  while (!hasCalls(day, window, calendar)) day = addDays(day, 1);
  return calendar.instantOf(day, window.fromMinute);
}

function hasCalls(day: Day, { workdaysOnly }: CallWindow, calendar: Calendar): boolean {
  return !workdaysOnly || calendar.isWorkday(day);
}
