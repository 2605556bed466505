import type { Channel } from './stage-plan.ts';

/** What a customer may be written to for; each needs a consent of its own on each channel (business.md, Restraint). */
export const consentPurposes = ['renewal-reminder', 'service-notice'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** A word on a consent. An opt-out comes from the customer and stands over what a list says; opting in again ends it. */
export const consentStates = ['given', 'withdrawn', 'opted-out', 'opted-in'] as const;
export type ConsentState = (typeof consentStates)[number];

/** How a word on a consent came to us. */
export const consentSources = ['list', 'phone', 'visit', 'paper', 'sms', 'unsubscribe-link', 'provider'] as const;
export type ConsentSource = (typeof consentSources)[number];

/** The sources that a person may record; the others tell of themselves. */
export type RecordedSource = Extract<ConsentSource, 'phone' | 'visit' | 'paper'>;

/** What an answer of a customer was read as. `no-contact` refuses calls as well, `opt-out` this channel alone. */
export const replyMeanings = [
  'opt-out',
  'no-contact',
  'opt-in',
  'wrong-person',
  'sold-vehicle',
  'help',
  'other',
] as const;
export type ReplyMeaning = (typeof replyMeanings)[number];

/** Where a customer stands with one channel; opt-outs are instants (business ms) or null. */
export type ChannelConsents = { consents: Record<ConsentPurpose, boolean>; optedOutAt: number | null };

/**
 * Whether an opt-out of a channel stops a purpose: of SMS every one, because the networks stop every one; of e-mail the
 * reminders, because whoever unsubscribes from them is still owed the confirmation of what they bought.
 */
export function optOutStops(channel: Channel, purpose: ConsentPurpose): boolean {
  return channel === 'sms' || purpose === 'renewal-reminder';
}

/** Whether a consent may be recorded as given only with the number or code of a proof: after an opt-out or a withdrawal of it. */
export function needsEvidence(
  standing: ChannelConsents & { withdrawn: boolean },
  channel: Channel,
  purpose: ConsentPurpose,
): boolean {
  return standing.withdrawn || (standing.optedOutAt !== null && optOutStops(channel, purpose));
}
