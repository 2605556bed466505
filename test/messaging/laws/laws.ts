import { wallClock, type WallClock } from '../../explanations/local-time.ts';
import type { Lived, Sent } from './live-stream.ts';

/** What must never happen, each law by its name: which messages of a stream broke it. Nothing here knows the rules. */
export const laws = {
  'no touch in the quiet hours of any clock of the recipient': ({ sent }) =>
    sent.filter(({ at, zones }) => zones.some((zone) => !isDaytime(clockAt(at, zone).minute))),
  'one touch a day': ({ sent, stream }) =>
    reminders(sent).filter((one) => touchesOn(sent, one).length > stream.caps.touchesPerDay),
  'a few contacts in any seven days': ({ sent, stream }) =>
    reminders(sent).filter((one) => isNewTouch(sent, one) && contactsInWeekOf(sent, one) > stream.caps.contactsPerWeek),
  'companions share one message': ({ sent }) =>
    reminders(sent).filter((one) => reminders(sent).some((other) => repeatsForCompanion(one, other))),
  'nothing after an opt-out': ({ sent }) =>
    sent.filter(({ message, customer }) => customer.optedOut.has(message.channel)),
  'nothing while the customer is left alone': ({ sent }) =>
    sent.filter(({ at, customer }) => customer.doNotContactUntil !== null && at < customer.doNotContactUntil),
  'nothing without consent': ({ sent }) =>
    sent.filter(({ message, customer }) => !customer.consents.has(message.channel)),
  'nothing to an address that takes none': ({ sent }) =>
    sent.filter(({ message, customer }) => {
      return customer.suppressed.has(message.channel) || (message.channel === 'sms' && isLandline(customer.phone));
    }),
  'nothing after a close but one confirmation of a renewal': ({ sent }) =>
    sent.filter(({ message, of }) => (isReminder(message) ? of.outcome !== null : of.outcome !== 'renewed')),
  'nothing while a case is held, orphaned or in its second round': ({ sent }) =>
    reminders(sent).filter(({ at, of }) => of.orphaned || of.secondRoundRuns || (of.heldUntil ?? 0) > at),
  'no reminder while an answer is unread': ({ sent }) =>
    reminders(sent).filter(({ at, customer }) => (customer.replyUnreadUntil ?? 0) > at),
  'nothing while sending is stopped': ({ sent }) => sent.filter(({ stopped }) => stopped),
  'no reminder before its instant, after its latest or after the expiry': ({ sent }) =>
    sent.filter(({ at, message, of }) => {
      const isLate = at >= message.latestAt || (isReminder(message) && clockAt(at, 'Asia/Shanghai').day > of.expiresOn);
      return at < message.dueAt || isLate;
    }),
  'one message at most for each planned one': ({ sent }) =>
    sent.filter(
      (one) => !one.proved && sent.some((other) => !other.proved && other !== one && isSameMessage(one, other)),
    ),
  'every non-send has its reason': ({ messages, held }) => [
    ...messages.filter(({ state, reason }) => !['accepted', 'unknown'].includes(state) && reason === null),
    ...held.filter(({ reason }) => reason === ''),
  ],
  'no message waits for ever': ({ messages }) => messages.filter(({ state }) => state === 'planned'),
} satisfies Record<string, (lived: Lived) => readonly unknown[]>;

export type Law = keyof typeof laws;

/** The laws that a stream broke. */
export function brokenLaws(lived: Lived): Law[] {
  return (Object.keys(laws) as Law[]).filter((law) => laws[law](lived).length > 0);
}

const clocks = new Map<string, WallClock>();
function clockAt(at: number, zone: string): WallClock {
  const key = `${at} ${zone}`;
  const clock = clocks.get(key) ?? wallClock(at, zone);
  clocks.set(key, clock);
  return clock;
}

const isDaytime = (minute: number): boolean => minute >= 540 && minute < 1_260;
const isReminder = ({ touch }: Sent['message']): boolean => touch !== 'renewal-confirmation';
const isLandline = (phone: string): boolean => phone === '+862161321234';
const reminders = (sent: readonly Sent[]): Sent[] =>
  sent.filter(({ message, proved }) => isReminder(message) && !proved);
const hours = (from: number, to: number): number => Math.abs(to - from) / 3_600_000;

function isSameMessage(one: Sent, other: Sent): boolean {
  return (
    one.of.id === other.of.id &&
    one.message.touch === other.message.touch &&
    one.message.channel === other.message.channel
  );
}

/** A touch in two channels is one, and so is one for two covers of a vehicle that goes within a day. */
function isOneTouch(one: Sent, other: Sent): boolean {
  if (one.message.touch !== other.message.touch) return false;
  return one.of.id === other.of.id || (one.of.plate === other.of.plate && hours(one.at, other.at) < 24);
}

function repeatsForCompanion(one: Sent, other: Sent): boolean {
  const isOther = one.of.id !== other.of.id && one.message.channel === other.message.channel;
  return isOther && one.at >= other.at && isOneTouch(one, other);
}

/** The recipient's day: of several zones all show the same one while their windows are open together. */
function dayOf(at: number, { zones }: Sent): string {
  return clockAt(at, zones[Math.floor(zones.length / 2)] ?? '').day;
}

/** The touches of the day of one of them, up to that moment. */
function touchesOn(sent: readonly Sent[], one: Sent): Sent[] {
  const sameDay = reminders(sent).filter(({ at }) => at <= one.at && dayOf(at, one) === dayOf(one.at, one));
  return touchesAmong(sameDay);
}

function touchesAmong(sent: readonly Sent[]): Sent[] {
  return sent.filter((one, place) => !sent.slice(0, place).some((earlier) => isOneTouch(earlier, one)));
}

function isNewTouch(sent: readonly Sent[], one: Sent): boolean {
  return !reminders(sent).some((other) => other !== one && other.at <= one.at && isOneTouch(other, one));
}

/** Touches and conversations of the day of a message and the six before, up to that moment. */
function contactsInWeekOf(sent: readonly Sent[], one: Sent): number {
  const last = Date.parse(dayOf(one.at, one));
  const isOfWeek = (at: number): boolean => at <= one.at && last - Date.parse(dayOf(at, one)) < 7 * 86_400_000;
  const touches = touchesAmong(reminders(sent).filter(({ at }) => isOfWeek(at)));
  return touches.length + one.spokenWithAt.filter(isOfWeek).length;
}
