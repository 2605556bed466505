import { addDays, minuteMs, type Calendar, type Instant } from './calendar.ts';

/** Minutes of the business day between which customers may be called; `toMinute` itself is outside. */
export type CallWindow = { fromMinute: number; toMinute: number };

/** The complement of the quiet hours (business.md, Restraint); a setting of the same name changes it. */
export const defaultCallWindow: CallWindow = { fromMinute: 9 * 60, toMinute: 21 * 60 };

/** Whether a customer may be called, or need not be; `from` and `until` are business instants. */
export type CallTime = { kind: 'open'; until: Instant } | { kind: 'closed'; from: Instant };

/** Whether the window is open at an instant in the business zone, and when it closes or opens next. */
export function callTimeAt(at: Instant, window: CallWindow, calendar: Calendar): CallTime {
  const today = calendar.dayOf(at);
  const opensAt = calendar.instantOf(today, window.fromMinute);
  const closesAt = opensAt + (window.toMinute - window.fromMinute) * minuteMs;
  if (at < opensAt) return { kind: 'closed', from: opensAt };
  if (at < closesAt) return { kind: 'open', until: closesAt };
  return { kind: 'closed', from: calendar.instantOf(addDays(today, 1), window.fromMinute) };
}
