import { dayPlus, instantAt, wallClock, type WallClock } from './local-time.ts';
import type { Seen, Verdict } from './verdict.ts';

/** The inputs of a decision about a message, as its journal entry has them. */
type Facts = {
  now: string;
  toleranceMs: number;
  window: Minutes;
  daytime: Minutes;
  zones: string[];
  caps: { touchesPerDay: number; contactsPerWeek: number };
  touch: string;
  channel: string;
  dueAt: string;
  latestAt: string;
  outcome: string | null;
  expiresOn: string;
  orphaned: boolean;
  secondRoundRuns: boolean;
  heldUntil: string | null;
  unheard: 'refusal' | 'close' | null;
  replyUnreadUntil: string | null;
  hasAddress: boolean;
  takesNoSms: boolean;
  addressSuppressed: boolean;
  consented: boolean;
  optedOut: boolean;
  doNotContactUntil: string | null;
  sendingStopped: boolean;
  sentToCustomer: Sent[];
  contactedAt: string[];
};
type Minutes = { fromMinute: number; toMinute: number };
type Sent = {
  touch: string;
  channel: string;
  claimedAt: string;
  sameRenewal: boolean;
  sameVehicle: boolean;
  occasion: number;
};

const ms = (written: string): number => Date.parse(written);
const hour = 3_600_000;
const day = 24 * hour;
const isReminder = ({ touch }: Facts): boolean => touch !== 'renewal-confirmation';

/** business.md and promises.md: what forbids the message for good, and the state in which it ends. */
const forbidden: [rule: string, ends: string, applies: (facts: Facts, wall: WallClock) => boolean][] = [
  ['case-closed', 'cancelled', (f) => isReminder(f) && f.outcome !== null],
  ['not-renewed', 'cancelled', (f) => !isReminder(f) && f.outcome !== 'renewed'],
  ['day-has-passed', 'expired', (f) => ms(f.now) >= ms(f.latestAt)],
  ['day-has-passed', 'expired', (f, wall) => isReminder(f) && wall.day > f.expiresOn],
  ['do-not-contact', 'suppressed', (f) => f.doNotContactUntil !== null && ms(f.now) < ms(f.doNotContactUntil)],
  ['sms-opted-out', 'suppressed', (f) => f.channel === 'sms' && f.optedOut],
  ['email-opted-out', 'suppressed', (f) => f.channel === 'email' && f.optedOut],
  ['no-phone', 'suppressed', (f) => f.channel === 'sms' && !f.hasAddress],
  ['no-email', 'suppressed', (f) => f.channel === 'email' && !f.hasAddress],
  ['phone-cannot-take-sms', 'suppressed', (f) => f.channel === 'sms' && f.takesNoSms],
  ['address-suppressed', 'suppressed', (f) => f.addressSuppressed],
  ['no-sms-consent', 'suppressed', (f) => f.channel === 'sms' && !f.consented],
  ['no-email-consent', 'suppressed', (f) => f.channel === 'email' && !f.consented],
  ['companion-message', 'suppressed', (f) => isReminder(f) && f.sentToCustomer.some((sent) => spokeForBoth(sent, f))],
];

function spokeForBoth(sent: Sent, { touch, channel, now }: Facts): boolean {
  const isSame = sent.touch === touch && sent.channel === channel;
  return isSame && sent.sameVehicle && !sent.sameRenewal && ms(now) - ms(sent.claimedAt) < day;
}

/** What keeps it waiting, and until when. */
const delayed: [rule: string, applies: (facts: Facts) => boolean, until: (facts: Facts) => number][] = [
  [
    'news-not-taken',
    (f) => f.unheard === 'refusal' || (isReminder(f) && f.unheard === 'close'),
    (f) => ms(f.now) + hour / 4,
  ],
  [
    'reply-unread',
    (f) => isReminder(f) && f.replyUnreadUntil !== null,
    (f) => Math.min(ms(f.now) + hour, ms(f.replyUnreadUntil ?? f.now)),
  ],
  ['case-held', (f) => isReminder(f) && f.heldUntil !== null, (f) => ms(f.heldUntil ?? f.now)],
  ['orphan', (f) => isReminder(f) && f.orphaned, (f) => ms(f.now) + hour],
  ['second-round', (f) => isReminder(f) && f.secondRoundRuns, (f) => ms(f.now) + hour],
  ['sending-stopped', (f) => f.sendingStopped, (f) => ms(f.now) + hour / 4],
];

/** Whether the clocks of all zones in which the recipient may live show a minute of the window. */
function isOpen(facts: Facts, at: number): boolean {
  const minutes = facts.zones.map((zone) => wallClock(at, zone).minute);
  const { fromMinute, toMinute } = hoursOn(wallClock(at, recipientZone(facts)).day, facts);
  return minutes.every((minute) => minute >= fromMinute && minute < toMinute);
}

/** The plan's window where all zones share an hour of it; else whatever of the day is not quiet. */
function hoursOn(today: string, { window, daytime, zones }: Facts): Minutes {
  const opens = Math.max(...zones.map((zone) => instantAt(today, window.fromMinute, zone)));
  const closes = Math.min(...zones.map((zone) => instantAt(today, window.toMinute, zone)));
  return zones.length === 1 || closes - opens >= hour ? window : daytime;
}

/** When the windows of all zones are first open together, from an instant on: some zone's opens then. */
function opening(facts: Facts, from: number): number {
  const openings = facts.zones.flatMap((zone) => {
    const { day: today } = wallClock(from, zone);
    return [-1, 0, 1, 2].map((later) => {
      const next = dayPlus(today, later);
      return instantAt(next, hoursOn(next, facts).fromMinute, zone);
    });
  });
  return Math.min(...openings.filter((at) => at >= from && isOpen(facts, at)));
}

/** All that the rules allow to be decided on these inputs; nobody says in which order two reasons of one kind are named. */
export function sendingVerdicts({ inputs, calendar: { zone } }: Seen): Verdict[] {
  const facts = inputs as Facts;
  const now = ms(facts.now);
  const forbids = forbidden.filter(([, , applies]) => applies(facts, wallClock(now, zone)));
  if (forbids.length > 0) return forbids.map(([rule, ends]) => ({ rule, does: ends }));
  const delays = delayed
    .filter(([, applies]) => applies(facts))
    .map(([rule, , until]) => ({ rule, does: 'held', until: until(facts) }));
  const isQuiet = !isOpen(facts, now);
  const waits = isQuiet ? [...delays, forWindow('quiet-hours', opening(facts, now), { facts, zone })] : delays;
  if (waits.length > 0) return waits;
  const full = isReminder(facts) ? fullDays(facts, recipientZone(facts)) : [];
  if (full.length > 0) return full.map(([rule, free]) => giveWay(rule, free, { facts, zone }));
  return [{ rule: 'due-and-allowed', does: 'sent' }];
}

/** A touch that would have to wait beyond T is none any more; a confirmation waits. */
function forWindow(rule: string, until: number, { facts, zone }: { facts: Facts; zone: string }): Verdict {
  const isOver = isReminder(facts) && wallClock(until, zone).day > facts.expiresOn;
  return isOver ? { rule, does: 'expired' } : { rule, does: 'held', until };
}

/** By whose days and weeks the recipient's contacts are counted. */
function recipientZone({ zones }: Facts): string {
  return zones[Math.floor(zones.length / 2)] ?? '';
}

/** The caps that are used up, each with the first day on which it is not. */
function fullDays(facts: Facts, zone: string): [rule: string, free: string][] {
  const dayOf = (written: string): string => wallClock(ms(written), zone).day;
  const today = dayOf(facts.now);
  const others = facts.sentToCustomer.filter((sent) => sent.touch !== 'renewal-confirmation' && !isOwn(sent, facts));
  const { touchesPerDay, contactsPerWeek } = facts.caps;
  const touchesToday = new Set(others.filter((sent) => dayOf(sent.claimedAt) === today).map((sent) => sent.occasion));
  const lastOf = (occasion: number): string =>
    others
      .filter((sent) => sent.occasion === occasion)
      .map((sent) => dayOf(sent.claimedAt))
      .toSorted()
      .at(-1) ?? '';
  const days = [...[...new Set(others.map(({ occasion }) => occasion))].map(lastOf), ...facts.contactedAt.map(dayOf)];
  const contactsIn = (last: string): number => days.filter((one) => one > dayPlus(last, -7)).length;
  const hasGone = facts.sentToCustomer.some((sent) => isOwn(sent, facts));
  const week = [0, 1, 2, 3, 4, 5, 6, 7].map((later) => dayPlus(today, later));
  const free = week.find((one) => contactsIn(one) < contactsPerWeek) ?? '';
  return [
    ...(touchesToday.size >= touchesPerDay ? [['one-touch-a-day', dayPlus(today, 1)] as [string, string]] : []),
    ...(!hasGone && free !== today ? [['contacts-a-week', free] as [string, string]] : []),
  ];
}

/** The touch itself, on its other channel or for the companion policy. */
function isOwn(sent: Sent, { touch, now }: Facts): boolean {
  if (sent.touch !== touch) return false;
  return sent.sameRenewal || (sent.sameVehicle && ms(now) - ms(sent.claimedAt) < day);
}

/** A touch that would have to wait for more than three days, or beyond T, has lost its occasion. */
function giveWay(rule: string, free: string, { facts, zone }: { facts: Facts; zone: string }): Verdict {
  const until = opening(facts, instantAt(free, 0, recipientZone(facts)));
  return until > ms(facts.dueAt) + 3 * day ? { rule, does: 'expired' } : forWindow(rule, until, { facts, zone });
}

/** For each rule, inputs without the one thing that it rests on. */
export const withoutReason: Record<string, Partial<Facts>> = {
  'due-and-allowed': { consented: false },
  'case-closed': { outcome: null },
  'not-renewed': { outcome: 'renewed' },
  'day-has-passed': { latestAt: '2030-01-01T00:00:00Z', expiresOn: '2030-01-01' },
  'do-not-contact': { doNotContactUntil: null },
  'sms-opted-out': { optedOut: false },
  'email-opted-out': { optedOut: false },
  'no-phone': { hasAddress: true },
  'no-email': { hasAddress: true },
  'phone-cannot-take-sms': { takesNoSms: false },
  'address-suppressed': { addressSuppressed: false },
  'no-sms-consent': { consented: true },
  'no-email-consent': { consented: true },
  'companion-message': { sentToCustomer: [] },
  'news-not-taken': { unheard: null },
  'reply-unread': { replyUnreadUntil: null },
  'case-held': { heldUntil: null },
  orphan: { orphaned: false },
  'second-round': { secondRoundRuns: false },
  'sending-stopped': { sendingStopped: false },
  'quiet-hours': { window: { fromMinute: 0, toMinute: 1_440 }, daytime: { fromMinute: 0, toMinute: 1_440 } },
  'one-touch-a-day': { sentToCustomer: [] },
  'contacts-a-week': { sentToCustomer: [], contactedAt: [] },
};
