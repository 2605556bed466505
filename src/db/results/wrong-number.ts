import { and, eq, ne } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { readSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { askForContactDetails, dropContactChecks } from '../customers/contact-check.ts';
import { liftSuppressionsOf, suppressAddress } from '../customers/suppressed-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { customers } from '../schema/customers.ts';
import type { ResultRow } from './result-records.ts';

/**
 * A number that is not the customer's gets no message for this customer any more, until a list corrects it; whoever checks
 * the file is asked for the right one (business.md, Contact results). It may well be somebody else's.
 */
export async function followWrongNumber(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  if (row.result !== 'wrong-number') return;
  const situation = await readSituation(tx, row.renewalId, calendar);
  const { customerId } = situation.policy;
  const [customer] = await tx.select({ phone: customers.phone }).from(customers).where(eq(customers.id, customerId));
  if (!customer?.phone) return askForContactDetails(tx, situation, occasionOf(row));
  const reason = 'wrong-number';
  const wrong = { channel: 'sms' as const, address: customer.phone, customerId, reason, resultId: row.id } as const;
  const id = await suppressAddress(tx, wrong);
  if (id === undefined) return;
  await askForContactDetails(tx, situation, occasionOf(row));
  const inputs = { suppressionId: id, resultId: row.id };
  const event = 'address-suppressed:sms';
  await journalise(tx, [{ chain: row.renewalId, actor: row.recordedBy, event, reason, inputs }]);
}

/** A mistaken entry suppresses nothing, unless another one of the case says the same. */
export async function takeBackWrongNumber(tx: Db, struck: ResultRow, calendar: Calendar): Promise<void> {
  if (struck.result !== 'wrong-number') return;
  const lifted = await liftSuppressionsOf(tx, struck.id);
  await dropContactChecks(tx, struck.renewalId, [occasionOf(struck)]);
  const entry = {
    chain: struck.renewalId,
    actor: 'system',
    event: 'suppression-lifted:sms',
    reason: 'result-corrected',
  };
  const entries = lifted.map((suppressionId) => ({ ...entry, inputs: { suppressionId, resultId: struck.id } }));
  await journalise(tx, entries);
  const [other] = await tx.select().from(contactResults).where(saysTheSame(struck)).limit(1);
  if (other) await followWrongNumber(tx, other, calendar);
}

function saysTheSame({ id, renewalId }: ResultRow) {
  return and(
    eq(contactResults.renewalId, renewalId),
    ne(contactResults.id, id),
    eq(contactResults.result, 'wrong-number'),
    eq(contactResults.state, 'applied'),
  );
}

function occasionOf({ id }: ResultRow): string {
  return `wrong-number.${id}`;
}
