import type { Db } from '../db/connection.ts';
import { askForAnyContact } from '../db/customers/contact-check.ts';
import { isSuppressed } from '../db/customers/suppressed-records.ts';
import type { CaseSituation } from '../db/cases/case-situation.ts';
import type { CustomerRow, MessageRow } from '../db/messages/message-records.ts';
import type { DecisionRule } from '../renewal/decision-rules.ts';
import { channels, type Channel } from '../renewal/stage-plan.ts';
import { addressOn, takesNoSms } from './address.ts';
import { consentFacts } from './consent-facts.ts';

/** What somebody who checks the file can mend; an opt-out is the customer's own word. */
const mendable: readonly DecisionRule[] = [
  'no-phone',
  'no-email',
  'phone-cannot-take-sms',
  'address-suppressed',
  'no-sms-consent',
  'no-email-consent',
];

type Unsent = { situation: CaseSituation; customer: CustomerRow; message: MessageRow; reason: DecisionRule };

/**
 * Asks for contact details when a message is dropped for want of them and no other channel reaches the customer either
 * (business.md, The stage plan: the specialist checks the file).
 */
export async function askIfUnreachable(tx: Db, { situation, customer, message, reason }: Unsent): Promise<void> {
  if (!mendable.includes(reason)) return;
  const { template } = message;
  for (const channel of channels) if (await mayBeReached(tx, customer, { channel, template })) return;
  await askForAnyContact(tx, situation);
}

/** Whoever opted out of a channel has told us how not to be reached, and is asked for nothing more. */
async function mayBeReached(
  tx: Db,
  customer: CustomerRow,
  { channel, template }: { channel: Channel; template: string },
): Promise<boolean> {
  const { consented, optedOut } = consentFacts(customer, { channel, template });
  if (optedOut) return true;
  const address = addressOn(channel, customer);
  if (address === null || takesNoSms(channel, customer) || !consented) return false;
  return !(await isSuppressed(tx, { channel, address, customerId: customer.id }));
}
