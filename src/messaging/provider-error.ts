import type { Db } from '../db/connection.ts';
import { learnFromFailure } from '../db/customers/address-errors.ts';
import { enterSmsOptOut, type OptOutHeard } from '../db/customers/heard-opt-outs.ts';
import type { AttemptsOfMessage } from '../db/messages/attempt-records.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';

/** What a provider said went wrong with a message to a customer. `code` is the provider's own, such as `30003`. */
export type ProviderError = {
  messageId: string;
  renewalId: string;
  customerId: string;
  channel: string;
  /** Where the attempt went to; null when the message does not know it any more. */
  address: string | null;
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
      return enterSmsOptOut(tx, heardFrom(error), error.calendar);
    default:
      return learnFromFailure(tx, error);
  }
}

/** Where an attempt went to: a message knows the address of its present attempt alone. */
export function addressOf(
  { attemptId, address }: AttemptsOfMessage['message'],
  attempt: { id: string },
): string | null {
  return attemptId === attempt.id ? address : null;
}

/** Our own list is the authority on opt-outs, whoever heard of them first (promises.md, Twilio specifics). */
function heardFrom({ customerId, address, renewalId, messageId, now }: ProviderError): OptOutHeard {
  return { customerId, phone: address, renewalId, source: 'provider', evidence: messageId, at: new Date(now) };
}
