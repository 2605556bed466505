import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { consentPurposes, type ConsentSource } from '../../renewal/consent.ts';
import { lockFreeCasesWhere } from '../cases/case-locks.ts';
import { refreshNextActions } from '../cases/next-action-records.ts';
import type { Db } from '../connection.ts';
import { customers } from '../schema/customers.ts';
import { areConcerned, lockCustomers } from './consent-records.ts';
import { journaliseWord, keepWords, type Taken } from './consent-words.ts';
import { stopPending } from './stopped-messages.ts';

/** What says that a number opted out of SMS while a case of this customer is locked already. */
export type OptOutHeard = {
  customerId: string;
  /** The number in E.164; null where nobody knows it any more, which leaves the customer alone. */
  phone: string | null;
  renewalId: string;
  source: ConsentSource;
  evidence: string;
  recordedBy?: string;
  at: Date;
};

/**
 * Enters an opt-out of SMS that is heard of in a step of one case, for everybody with the number. What is planned in a case
 * that another step has locked is left to its claim, because this one may wait for no other case any more. An opt-out that
 * is known already stays as it is.
 */
export async function enterSmsOptOut(tx: Db, heard: OptOutHeard, calendar: Calendar): Promise<void> {
  const { customerId, phone, at, ...how } = heard;
  const customerIds = await notOptedOut(tx, { customerId, phone });
  if (customerIds.length === 0) return;
  const free = await lockFreeCasesWhere(tx, areConcerned(tx, customerIds));
  const pending = { customerIds, renewalIds: free, channel: 'sms', purposes: consentPurposes } as const;
  await stopPending(tx, { ...pending, reason: 'opted-out', at }, calendar);
  const changed = await markOptedOut(tx, customerIds, at);
  const word: Taken = { ...how, channel: 'sms', purposes: consentPurposes, state: 'opted-out', at };
  const ids = await keepWords(tx, { customerIds: changed }, word);
  const others = free.filter((id) => id !== heard.renewalId);
  await refreshNextActions(tx, others, calendar);
  await journaliseWord(tx, { customerIds: changed, cases: [heard.renewalId, ...others], ids }, word);
}

async function notOptedOut(tx: Db, { customerId, phone }: Pick<OptOutHeard, 'customerId' | 'phone'>) {
  const isTheirs = phone === null ? undefined : eq(customers.phone, phone);
  const found = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(and(or(eq(customers.id, customerId), isTheirs), isNull(customers.smsOptedOutAt)));
  return found.map(({ id }) => id);
}

/** Answers those that had not opted out. */
async function markOptedOut(tx: Db, customerIds: readonly string[], at: Date): Promise<string[]> {
  const theirs = inArray(customers.id, [...customerIds]);
  await lockCustomers(tx, customerIds);
  const changed = await tx
    .update(customers)
    .set({ smsOptedOutAt: at })
    .where(and(theirs, isNull(customers.smsOptedOutAt)))
    .returning({ id: customers.id });
  return changed.map(({ id }) => id);
}
