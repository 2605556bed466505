import type { EffectiveContact } from '../db/results/effective-contacts.ts';
import type { SentRow } from '../db/messages/message-records.ts';
import { addDays, dayMs, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import { confirmationTouch } from '../renewal/stage-plan.ts';
import { isSameVehicle } from './companion.ts';

/** The business days, today among them, over which contacts are counted. */
export const daysOfWeek = 7;

/** Another message of the same customer that was, or may have been, sent within the last seven business days. */
export type SentTouch = {
  touch: string;
  channel: string;
  claimedAt: Instant;
  sameRenewal: boolean;
  /** The other renewal is of the same plate or VIN, and this one was open when the message went. */
  sameVehicle: boolean;
  /** The same for all messages of one touch: on both channels, and for companion policies. */
  occasion: string;
};

/**
 * Names the touch that each message belongs to: messages of one touch on both channels, and those of companion policies
 * within a day (business ms), have one name (business.md, Restraint: a touch in two channels is one).
 */
export function withOccasions(sent: readonly SentRow[]): (SentRow & { occasion: string })[] {
  const named: (SentRow & { occasion: string })[] = [];
  for (const message of sent) {
    const known = named.find((other) => isOneTouch(other, message));
    named.push({ ...message, occasion: known?.occasion ?? `${message.renewalId}/${message.touch}` });
  }
  return named;
}

function isOneTouch(one: SentRow, other: SentRow): boolean {
  if (one.touch !== other.touch) return false;
  if (one.renewalId === other.renewalId) return true;
  return isSameVehicle(one, other) && Math.abs(one.claimedAt - other.claimedAt) < dayMs;
}

/**
 * When the customer was spoken with (business ms), each conversation once: what one person records on one day for
 * companion policies, or for the vehicles of one fleet, is one; a second result for the same case tells of a second one.
 */
export function conversations(contacts: readonly EffectiveContact[], calendar: Calendar): Instant[] {
  const counted: { first: EffectiveContact; renewalIds: Set<string> }[] = [];
  for (const contact of contacts) {
    const same = counted.find(
      ({ first, renewalIds }) => !renewalIds.has(contact.renewalId) && isOneConversation(first, contact, calendar),
    );
    if (same) same.renewalIds.add(contact.renewalId);
    else counted.push({ first: contact, renewalIds: new Set([contact.renewalId]) });
  }
  return counted.map(({ first }) => first.contactedAt);
}

function isOneConversation(one: EffectiveContact, other: EffectiveContact, calendar: Calendar): boolean {
  if (one.recordedBy !== other.recordedBy) return false;
  if (calendar.dayOf(one.contactedAt) !== calendar.dayOf(other.contactedAt)) return false;
  return isSameVehicle(one, other) || (one.fleetId !== null && one.fleetId === other.fleetId);
}

type Touches = { touch: string; sentToCustomer: readonly SentTouch[] };
type Moment = { now: Instant; calendar: Calendar };

/**
 * Whether a message that went belongs to the touch that is asked about; a companion's message speaks for both covers only
 * while their touches come within a day (business ms) of each other.
 */
export function isSameOccasion(sent: SentTouch, { touch }: Touches, now: Instant): boolean {
  if (sent.touch !== touch) return false;
  return sent.sameRenewal || (sent.sameVehicle && sent.claimedAt > now - dayMs);
}

/** The business day of each effective contact and each other touch; a touch counts on the day of its last message. */
export function contactDays(facts: Touches & { contactedAt: readonly Instant[] }, { now, calendar }: Moment): Day[] {
  const touches = new Map<string, Instant>();
  for (const { occasion, claimedAt } of otherTouches(facts, now)) {
    touches.set(occasion, Math.max(claimedAt, touches.get(occasion) ?? claimedAt));
  }
  return [...touches.values(), ...facts.contactedAt].map((instant) => calendar.dayOf(instant));
}

/** The messages of other touches than the one asked about; confirmations are service notices and count nowhere. */
export function otherTouches(facts: Touches, now: Instant): SentTouch[] {
  return facts.sentToCustomer.filter((sent) => sent.touch !== confirmationTouch && !isSameOccasion(sent, facts, now));
}

/** From when on contacts count in the week that ends with a moment's business day: seven days of the zone, rolling. */
export function firstInstantOfWeek({ now, calendar }: Moment): Instant {
  return calendar.instantOf(addDays(calendar.dayOf(now), 1 - daysOfWeek), 0);
}
