import type { Calendar } from '../../renewal/calendar.ts';
import { readSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { askForContactDetails } from './contact-check.ts';
import { firstOpenCases } from './inbound-records.ts';
import { suppressAddress } from './suppressed-records.ts';

/** A message that came in from a number and says that the number is not these customers'. */
export type Denial = { inboundId: string; phone: string; customerIds: readonly string[] };

/**
 * A number whose holder says that it is not the customer's gets no message for this customer any more, until a list corrects
 * it, and the file is checked: the same as the contact result (business.md, Contact results). The cases are locked.
 */
export async function denyNumber(tx: Db, { inboundId, phone, customerIds }: Denial, calendar: Calendar): Promise<void> {
  const reason = 'wrong-number';
  for (const customerId of customerIds) {
    const id = await suppressAddress(tx, { channel: 'sms', address: phone, customerId, reason });
    if (id === undefined) continue;
    const [renewalId] = await firstOpenCases(tx, [customerId]);
    const entry = { actor: 'customer', event: 'address-suppressed:sms', reason };
    const inputs = { suppressionId: id, inboundId };
    await journalise(tx, [{ ...entry, chain: renewalId ?? `customer.${customerId}`, inputs }]);
    if (renewalId === undefined) continue;
    const situation = await readSituation(tx, renewalId, calendar);
    await askForContactDetails(tx, situation, `wrong-number.${inboundId}`);
  }
}
