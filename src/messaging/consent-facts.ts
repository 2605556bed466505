import type { CustomerRow } from '../db/messages/message-records.ts';
import { optOutStops, type ChannelConsents, type ConsentPurpose } from '../renewal/consent.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { messageClassOf } from './message-class.ts';

type Consented = Pick<
  CustomerRow,
  'smsConsent' | 'emailConsent' | 'smsNoticeConsent' | 'emailNoticeConsent' | 'smsOptedOutAt' | 'emailOptedOutAt'
>;

/** For which purpose a message needs consent: reminders remind, everything else is owed. */
export function purposeOf(template: string): ConsentPurpose {
  return messageClassOf(template) === 'reminder' ? 'renewal-reminder' : 'service-notice';
}

/** Where a customer stands with a channel. */
export function consentsOn(channel: Channel, customer: Consented): ChannelConsents {
  const [reminder, notice, optedOutAt] =
    channel === 'sms'
      ? [customer.smsConsent, customer.smsNoticeConsent, customer.smsOptedOutAt]
      : [customer.emailConsent, customer.emailNoticeConsent, customer.emailOptedOutAt];
  return {
    consents: { 'renewal-reminder': reminder, 'service-notice': notice },
    optedOutAt: optedOutAt?.getTime() ?? null,
  };
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
