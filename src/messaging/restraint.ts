import { addDays, dayMs, minuteMs, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import type { DecisionRule } from '../renewal/decision-rules.ts';
import type { SendingWindow } from '../renewal/sending-limits.ts';
import type { Caps } from '../renewal/settings.ts';
import { confirmationTouch, type Channel } from '../renewal/stage-plan.ts';
import { contactDays, daysOfWeek, isSameOccasion, otherTouches, type SentTouch } from './occasions.ts';
import { recipientCalendar, windowAt, windowOn, type RecipientWindow } from './recipient-window.ts';

/** What decides whether a planned message may go now. Instants are business milliseconds. */
export type RestraintFacts = {
  touch: string;
  channel: Channel;
  dueAt: Instant;
  latestAt: Instant;
  outcome: string | null;
  expiresOn: Day;
  orphaned: boolean;
  secondRoundRuns: boolean;
  /** Until when somebody holds the case. */
  heldUntil: Instant | null;
  /** What is recorded and its case has not taken yet: that it ends, or that the customer wants to be left alone. */
  unheard: 'refusal' | 'close' | null;
  /** Until when an answer of the customer, or of that number, that nobody has read holds reminders. */
  replyUnreadUntil: Instant | null;
  address: string | null;
  /** A phone of a kind of line that takes no SMS. */
  takesNoSms: boolean;
  /** Nothing is sent to the address any more: it failed for good, or is somebody else's. */
  addressSuppressed: boolean;
  consented: boolean;
  optedOut: boolean;
  doNotContactUntil: Instant | null;
  sendingStopped: boolean;
  sentToCustomer: readonly SentTouch[];
  /** When staff really reached the customer within the last seven business days, one instant a conversation. */
  contactedAt: readonly Instant[];
};

export type SendingMoment = {
  now: Instant;
  /** Business milliseconds by which a timer may be early. */
  tolerance: number;
  /** Of the business: by its days a policy expires. */
  calendar: Calendar;
  /** Of all zones in which the recipient may live: by them the window lies in the day, and days and weeks are counted. */
  clocks: readonly Calendar[];
  /** Of the stage plan, outside the quiet hours. */
  window: SendingWindow;
  /** All that lies outside the quiet hours; for recipients whose zones share no hour of the plan's window. */
  daytime: SendingWindow;
  /** The lower ones of the stage plan and the house. */
  caps: Caps;
};

/** `hold` keeps the message planned; `validUntil` moves its latest instant when the hold outlasts it. */
export type Decision =
  | { kind: 'send' }
  | { kind: 'hold'; until: Instant; reason: DecisionRule; validUntil?: Instant }
  | { kind: 'drop'; state: 'suppressed' | 'expired' | 'cancelled'; reason: DecisionRule };

export type SendingRule = (facts: RestraintFacts, moment: SendingMoment) => Decision | undefined;

const pauseMs = 60 * minuteMs;
const stopMs = 15 * minuteMs;
const newsMs = 15 * minuteMs;
/** A touch that gave way to others of the same customer for so long has lost its occasion. */
const longestGiveWayDays = 3;
const dayCap = 'one-touch-a-day';
const weekCap = 'contacts-a-week';

/** In this order; the first rule that speaks decides. @internal */
export const sendingRules = {
  caseClosed,
  dayHasPassed,
  notDue,
  doNotContact,
  optedOut,
  noAddress,
  noSmsOnThisLine,
  suppressedAddress,
  noConsent,
  companionWasWritten,
  newsIsUnheard,
  replyIsUnread,
  caseIsHeld,
  casePauses,
  sendingStopped,
  quietHours,
  capOfTheDay,
  capOfTheWeek,
} satisfies Record<string, SendingRule>;

/**
 * Whether a planned message may go now (business.md, Restraint; promises.md, Sending a message). The confirmation after
 * a renewal is a service notice: it needs consent and keeps quiet hours, and of all else only a refusal of contact
 * holds it back.
 */
export function decideSending(
  facts: RestraintFacts,
  moment: SendingMoment,
  rules: readonly SendingRule[] = Object.values(sendingRules),
): Decision {
  for (const rule of rules) {
    const decision = rule(facts, moment);
    if (decision) return decision;
  }
  return { kind: 'send' };
}

function caseClosed({ touch, outcome }: RestraintFacts): Decision | undefined {
  if (isConfirmation(touch)) return outcome === 'renewed' ? undefined : drop('cancelled', 'not-renewed');
  return outcome === null ? undefined : drop('cancelled', 'case-closed');
}

/** Also past T itself, however long the touch was held: no reminder speaks of an expiry that is over. */
function dayHasPassed({ touch, latestAt, expiresOn }: RestraintFacts, moment: SendingMoment): Decision | undefined {
  const expiryIsOver = !isConfirmation(touch) && moment.calendar.dayOf(moment.now) > expiresOn;
  return latestAt <= moment.now || expiryIsOver ? drop('expired', 'day-has-passed') : undefined;
}

function notDue({ dueAt }: RestraintFacts, { now, tolerance }: SendingMoment): Decision | undefined {
  return dueAt > now + tolerance ? { kind: 'hold', until: dueAt, reason: 'not-due' } : undefined;
}

function doNotContact({ doNotContactUntil }: RestraintFacts, { now }: SendingMoment): Decision | undefined {
  return doNotContactUntil !== null && doNotContactUntil > now ? drop('suppressed', 'do-not-contact') : undefined;
}

function optedOut(facts: RestraintFacts): Decision | undefined {
  return facts.optedOut ? drop('suppressed', `${facts.channel}-opted-out`) : undefined;
}

function noAddress({ address, channel }: RestraintFacts): Decision | undefined {
  return address === null ? drop('suppressed', channel === 'sms' ? 'no-phone' : 'no-email') : undefined;
}

function noSmsOnThisLine({ takesNoSms }: RestraintFacts): Decision | undefined {
  return takesNoSms ? drop('suppressed', 'phone-cannot-take-sms') : undefined;
}

function suppressedAddress({ addressSuppressed }: RestraintFacts): Decision | undefined {
  return addressSuppressed ? drop('suppressed', 'address-suppressed') : undefined;
}

function noConsent({ consented, channel }: RestraintFacts): Decision | undefined {
  return consented ? undefined : drop('suppressed', `no-${channel}-consent`);
}

function companionWasWritten(facts: RestraintFacts, { now }: SendingMoment): Decision | undefined {
  if (isConfirmation(facts.touch)) return undefined;
  const written = facts.sentToCustomer.some(
    (sent) => !sent.sameRenewal && sent.channel === facts.channel && isSameOccasion(sent, facts, now),
  );
  return written ? drop('suppressed', 'companion-message') : undefined;
}

/** A confirmation goes after the renewal that its case has taken; only a refusal of contact holds it. */
function newsIsUnheard({ touch, unheard }: RestraintFacts, { now }: SendingMoment): Decision | undefined {
  if (unheard === null || (isConfirmation(touch) && unheard === 'close')) return undefined;
  return { kind: 'hold', until: now + newsMs, reason: 'news-not-taken' };
}

/** It may be a refusal that no rule understood; read or not, it is looked at again within the hour. */
function replyIsUnread({ touch, replyUnreadUntil }: RestraintFacts, { now }: SendingMoment): Decision | undefined {
  if (isConfirmation(touch) || replyUnreadUntil === null) return undefined;
  return { kind: 'hold', until: Math.min(now + pauseMs, replyUnreadUntil), reason: 'reply-unread' };
}

function caseIsHeld({ touch, heldUntil }: RestraintFacts): Decision | undefined {
  if (isConfirmation(touch) || heldUntil === null) return undefined;
  return { kind: 'hold', until: heldUntil, reason: 'case-held' };
}

function casePauses(
  { touch, orphaned, secondRoundRuns }: RestraintFacts,
  { now }: SendingMoment,
): Decision | undefined {
  if (isConfirmation(touch) || (!orphaned && !secondRoundRuns)) return undefined;
  return { kind: 'hold', until: now + pauseMs, reason: orphaned ? 'orphan' : 'second-round' };
}

function sendingStopped(facts: RestraintFacts, { now }: SendingMoment): Decision | undefined {
  return facts.sendingStopped ? { kind: 'hold', until: now + stopMs, reason: 'sending-stopped' } : undefined;
}

/** Held until the recipient's window opens, not dropped; the touch stays valid through that window. */
function quietHours(facts: RestraintFacts, moment: SendingMoment): Decision | undefined {
  const next = windowAt(moment, moment.now);
  if (next.isOpen) return undefined;
  const reason = 'quiet-hours';
  return isOverBy(facts, next.opensAt, moment)
    ? drop('expired', reason)
    : holdForWindow(facts, next, { ...moment, reason });
}

/** Touches a day over all policies of a customer; one touch in two channels, or for companions, is one. */
function capOfTheDay(facts: RestraintFacts, moment: SendingMoment): Decision | undefined {
  if (isConfirmation(facts.touch)) return undefined;
  const { now, clocks, caps } = moment;
  const calendar = recipientCalendar(clocks);
  const today = calendar.dayOf(now);
  const others = otherTouches(facts, now).filter(({ claimedAt }) => calendar.dayOf(claimedAt) === today);
  const touches = new Set(others.map(({ occasion }) => occasion)).size;
  return touches < caps.touchesPerDay ? undefined : giveWay(facts, addDays(today, 1), { ...moment, reason: dayCap });
}

/** Touches and effective contacts in any seven days; the second channel of a touch that went is no new contact. */
function capOfTheWeek(facts: RestraintFacts, moment: SendingMoment): Decision | undefined {
  const { now, clocks, caps } = moment;
  if (isConfirmation(facts.touch) || facts.sentToCustomer.some((sent) => isSameOccasion(sent, facts, now))) return;
  const calendar = recipientCalendar(clocks);
  const contacts = contactDays(facts, { now, calendar });
  const fits = (day: Day): boolean =>
    contacts.filter((contact) => contact > addDays(day, -daysOfWeek)).length < caps.contactsPerWeek;
  let day = calendar.dayOf(now);
  if (fits(day)) return undefined;
  while (!fits(day)) day = addDays(day, 1);
  return giveWay(facts, day, { ...moment, reason: weekCap });
}

type Hold = SendingMoment & { reason: DecisionRule };

/** Waits for a later day, unless the touch has lost its occasion by then. */
function giveWay(facts: RestraintFacts, day: Day, hold: Hold): Decision {
  const next = windowOn(hold, day);
  const isTooLate = next.opensAt > facts.dueAt + longestGiveWayDays * dayMs || isOverBy(facts, next.opensAt, hold);
  return isTooLate ? drop('expired', hold.reason) : holdForWindow(facts, next, hold);
}

function holdForWindow(facts: RestraintFacts, next: RecipientWindow, hold: Hold): Decision {
  const { now, reason } = hold;
  // Of a minute that the clocks show twice the calendar knows the first, which may have passed.
  const until = next.opensAt > now ? next.opensAt : now + minuteMs;
  const validUntil = Math.max(facts.latestAt, endOfWindow(facts, next, hold));
  return { kind: 'hold', until, reason, validUntil };
}

/** No reminder waits for a window that opens when the policy has expired. */
function isOverBy({ touch, expiresOn }: RestraintFacts, opensAt: Instant, { calendar }: SendingMoment): boolean {
  return !isConfirmation(touch) && calendar.dayOf(opensAt) > expiresOn;
}

type Ending = Pick<RestraintFacts, 'touch' | 'expiresOn'>;

/**
 * Until when (business ms) a message that goes now may still arrive: while the recipient's window is open, and a reminder on
 * the expiry day at the latest. Promises.md, Twilio specifics.
 */
export function mayArriveUntil(message: Ending, moment: SendingMoment): Instant {
  return endOfWindow(message, windowAt(moment, moment.now), moment);
}

function endOfWindow(
  { touch, expiresOn }: Ending,
  { closesAt }: RecipientWindow,
  { calendar }: Pick<SendingMoment, 'calendar'>,
): Instant {
  return isConfirmation(touch) ? closesAt : Math.min(closesAt, calendar.instantOf(addDays(expiresOn, 1), 0) - 1);
}

function isConfirmation(touch: string): boolean {
  return touch === confirmationTouch;
}

function drop(state: 'suppressed' | 'expired' | 'cancelled', reason: DecisionRule): Decision {
  return { kind: 'drop', state, reason };
}
