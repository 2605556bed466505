import { addWorkdays, type Calendar, type Instant } from './calendar.ts';
import { countDue, type Due } from './due-time.ts';

/** Calls are made from this minute of a working day on: no customer is called before nine. */
const callsStartAtMinute = 9 * 60;

export type NextAttempt = { occasion: string; startsAt: Instant } & Due;

/**
 * The attempt after one that reached nobody: on the next working day, before the day on which its stage ends, and none after the last
 * (business.md, The stage plan: "three recorded attempts"). `attempt` counts from 1; instants are business milliseconds.
 */
export function nextPhoneAttempt(
  made: { attempt: number; minimumAttempts: number; at: Instant; stageEndsAt: Instant },
  calendar: Calendar,
): NextAttempt | undefined {
  if (made.attempt >= made.minimumAttempts) return undefined;
  const day = addWorkdays(calendar, calendar.dayOf(made.at), 1);
  if (day >= calendar.dayOf(made.stageEndsAt)) return undefined;
  const startsAt = calendar.instantOf(day, callsStartAtMinute);
  const due = countDue('phone-attempt', { from: startsAt, latest: made.stageEndsAt }, calendar);
  return { occasion: String(made.attempt + 1), startsAt, ...due };
}
