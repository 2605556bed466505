import type { ChannelConsents } from '../../renewal/consent.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { customers } from '../schema/customers.ts';

/** The columns of a customer that say what may be sent. */
export type Consented = Pick<
  typeof customers.$inferSelect,
  'smsConsent' | 'emailConsent' | 'smsNoticeConsent' | 'emailNoticeConsent' | 'smsOptedOutAt' | 'emailOptedOutAt'
>;

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
