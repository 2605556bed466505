import { consentsOn, type Consented } from '../db/customers/standing-consents.ts';
import { optOutStops, type ConsentPurpose } from '../renewal/consent.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { messageClassOf } from './message-class.ts';

/** For which purpose a message needs consent: reminders remind, everything else is owed. */
export function purposeOf(template: string): ConsentPurpose {
  return messageClassOf(template) === 'reminder' ? 'renewal-reminder' : 'service-notice';
}

/** Whether a customer allowed a message of this template on this channel, and whether an opt-out stops it all the same. */
export function consentFacts(
  customer: Consented,
  { channel, template }: { channel: Channel; template: string },
): { consented: boolean; optedOut: boolean } {
  const { consents, optedOutAt } = consentsOn(channel, customer);
  const purpose = purposeOf(template);
  return { consented: consents[purpose], optedOut: optedOutAt !== null && optOutStops(channel, purpose) };
}
