import type { Db } from '../db/connection.ts';
import { learnFromFailure } from '../db/customers/address-errors.ts';
import { enterSmsOptOut, type OptOutHeard } from '../db/customers/consent-records.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';

/** What a provider said went wrong with a message to a customer. `code` is the provider's own, such as `30003`. */
export type ProviderError = {
  messageId: string;
  renewalId: string;
  customerId: string;
  channel: string;
  provider: string | null;
  code: string;
  /** Business milliseconds. */
  now: Instant;
  calendar: Calendar;
};

/**
 * Lets the books learn from what went wrong, whether the provider refused the message or could not deliver it. The case is
 * locked; nothing is journalled before this (docs/architecture.md, Locks). The same error twice changes nothing more.
 */
export async function noteProviderError(tx: Db, error: ProviderError): Promise<void> {
  switch (error.code) {
    case '21610':
    case 'isv.CUSTOMER_REFUSED':
      return enterSmsOptOut(tx, heardFrom(error));
    default:
      return learnFromFailure(tx, error);
  }
}

/** Our own list is the authority on opt-outs, whoever heard of them first (promises.md, Twilio specifics). */
function heardFrom({ customerId, renewalId, messageId, now }: ProviderError): OptOutHeard {
  return { customerId, renewalId, source: 'provider', evidence: messageId, at: new Date(now) };
}
