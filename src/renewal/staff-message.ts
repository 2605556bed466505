import { addDays, type Calendar, type Day, type Instant } from './calendar.ts';
import type { QuietHours } from './settings.ts';
import type { Channel } from './stage-plan.ts';

/** What goes to staff by itself (business.md, Staff nudges are digests): three lists, and one word of each hand-over. */
export const staffMessageKinds = ['morning-digest', 'key-tracking-list', 'half-month-list', 'hand-over'] as const;
export type StaffMessageKind = (typeof staffMessageKinds)[number];

/** Minute of the business day from which lists go out ◦. */
export const morningMinute = 7 * 60 + 30;
const evening = 18 * 60;
const monday = 1;
const thursday = 4;

/** Whether messages of a kind go out on a business day; hand-overs are told of whenever they open. */
function isDayFor(kind: StaffMessageKind, day: Day, calendar: Calendar): boolean {
  switch (kind) {
    case 'morning-digest':
      return calendar.isWorkday(day);
    case 'key-tracking-list':
      return [monday, thursday].includes(weekdayOf(day)) && calendar.isWorkday(day);
    case 'half-month-list':
      return ['02', '16'].includes(day.slice(8));
    case 'hand-over':
      return true;
  }
}

/**
 * The business instants from which and until which a message of a day may go. What is overtaken by the next one is not sent
 * late: a digest is good for its day, a key-tracking list for two, a half-month list for ten ◦.
 */
function validityOf(kind: StaffMessageKind, day: Day, calendar: Calendar): { from: Instant; until: Instant } {
  const morning = calendar.instantOf(day, morningMinute);
  switch (kind) {
    case 'morning-digest':
      return { from: morning, until: calendar.instantOf(day, evening) };
    case 'key-tracking-list':
      return { from: morning, until: calendar.instantOf(addDays(day, 2), 0) };
    case 'half-month-list':
      return { from: morning, until: calendar.instantOf(addDays(day, 10), 0) };
    case 'hand-over':
      return { from: calendar.instantOf(day, 0), until: calendar.instantOf(addDays(day, 2), 0) };
  }
}

/** What a planned morning means for a kind: its messages of that day, or nothing, because it is no day for them or is over. */
export type Morning =
  | { kind: 'round'; day: Day; from: Instant; until: Instant }
  | { kind: 'not-today'; day: Day }
  | { kind: 'passed'; day: Day };

/**
 * The morning that a run was planned for, whenever it comes to it: a run that catches up goes on with the day that it missed
 * while that day's list is good, and leaves it alone after that. `slack` is what a fast clock adds to the time.
 */
export function morningOf(
  kind: StaffMessageKind,
  { planned, now, slack }: { planned: Instant; now: Instant; slack: number },
  calendar: Calendar,
): Morning {
  const day = calendar.dayOf(planned);
  if (!isDayFor(kind, day, calendar)) return { kind: 'not-today', day };
  const { from, until } = validityOf(kind, day, calendar);
  return now > until + slack ? { kind: 'passed', day } : { kind: 'round', day, from, until: until + slack };
}

/** When the digest before one of a day went out: what came since then is new. */
export function digestBefore(day: Day, calendar: Calendar): Instant {
  let before = addDays(day, -1);
  while (!calendar.isWorkday(before)) before = addDays(before, -1);
  return calendar.instantOf(before, morningMinute);
}

/** @public Why somebody hears nothing. The glossary is compared with it. */
export const staffSilences = [
  'day-has-passed',
  'has-left',
  'on-leave',
  'no-email',
  'no-phone',
  'sms-not-wanted',
  'nothing-due',
  'template-broken',
] as const;
export type StaffSilence = (typeof staffSilences)[number];

/** A person and a message as the claim finds them; instants are business milliseconds, `address` is a usable one. */
export type StaffSendingFacts = {
  kind: StaffMessageKind;
  channel: Channel;
  from: Instant;
  until: Instant;
  address: string | null;
  wantsSms: boolean;
  hasLeft: boolean;
  isOnLeave: boolean;
};

export type StaffDecision =
  { kind: 'send' } | { kind: 'hold'; until: Instant } | { kind: 'drop'; reason: StaffSilence };

/**
 * Whether a message goes to somebody now. Mails may go at 07:30, an SMS only outside the quiet hours. Who is on leave gets no
 * digest, because their work has been given to others, but does get the half-month list, which everybody has by day 2.
 */
export function decideStaffSending(
  facts: StaffSendingFacts,
  { now, quiet, calendar }: { now: Instant; quiet: QuietHours; calendar: Calendar },
): StaffDecision {
  const silence = silenceOf(facts, now);
  if (silence) return { kind: 'drop', reason: silence };
  const opensAt = facts.channel === 'sms' ? endOfQuiet(now, quiet, calendar) : now;
  const until = Math.max(facts.from, opensAt);
  if (until > facts.until) return { kind: 'drop', reason: 'day-has-passed' };
  return until > now ? { kind: 'hold', until } : { kind: 'send' };
}

function silenceOf(facts: StaffSendingFacts, now: Instant): StaffSilence | undefined {
  const { kind, channel, address } = facts;
  if (now > facts.until) return 'day-has-passed';
  if (facts.hasLeft) return 'has-left';
  if (facts.isOnLeave && kind !== 'half-month-list') return 'on-leave';
  if (channel === 'sms' && !facts.wantsSms) return 'sms-not-wanted';
  if (address === null) return channel === 'sms' ? 'no-phone' : 'no-email';
  return undefined;
}

/** The present instant outside the quiet hours, else their end. */
function endOfQuiet(now: Instant, { fromMinute, toMinute }: QuietHours, calendar: Calendar): Instant {
  const [today, minute] = [calendar.dayOf(now), calendar.minuteOfDay(now)];
  if (minute < toMinute) return Math.max(now, calendar.instantOf(today, toMinute));
  return minute < fromMinute ? now : calendar.instantOf(addDays(today, 1), toMinute);
}

function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}
