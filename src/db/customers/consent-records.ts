import { and, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { consentPurposes, optOutStops, type ConsentPurpose } from '../../renewal/consent.ts';
import { readClock } from '../business-clock.ts';
import { lockCasesWhere } from '../cases/case-locks.ts';
import { refreshNextActions } from '../cases/next-action-records.ts';
import type { Db } from '../connection.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { journaliseWord, keepWords, type ConsentWord, type SaidWord, type Taken } from './consent-words.ts';
import { blockedByTwilio } from './provider-block.ts';
import { giveBackPending, stopPending } from './stopped-messages.ts';

const columnsOf = {
  sms: { 'renewal-reminder': 'smsConsent', 'service-notice': 'smsNoticeConsent', optedOutAt: 'smsOptedOutAt' },
  email: { 'renewal-reminder': 'emailConsent', 'service-notice': 'emailNoticeConsent', optedOutAt: 'emailOptedOutAt' },
} as const;

/**
 * Takes a word of customers on a channel in one transaction: what holds from now on, how it came about, what falls away or
 * comes back with it, and an entry in the journal of each case of theirs that is open.
 */
export async function takeConsentWord(
  tx: Db,
  { id, customerIds, ...word }: SaidWord,
  calendar: Calendar,
): Promise<void> {
  if (customerIds.length === 0) return;
  const cases = await lockCasesOf(tx, customerIds);
  const { now } = await readClock(tx);
  const at = new Date(now);
  const about = { customerIds, channel: word.channel };
  const purposes = purposesOf(word);
  switch (word.state) {
    case 'withdrawn':
      await stopPending(tx, { ...about, purposes, reason: 'no-consent', at }, calendar);
      break;
    case 'opted-out':
      await stopPending(tx, { ...about, purposes, reason: 'opted-out', at }, calendar);
      break;
    case 'given':
    case 'opted-in':
      break;
  }
  const written = await writeStanding(tx, customerIds, { ...word, purposes, at });
  if (word.state === 'given' || word.state === 'opted-in') await giveBackPending(tx, { ...about, purposes: written });
  const ids = await keepWords(tx, { id, customerIds }, { ...word, purposes, at });
  await refreshNextActions(tx, cases, calendar);
  await journaliseWord(tx, { customerIds, cases, ids }, { ...word, purposes });
}

/** An opt-out and its end are about all that it stops, whatever was named. */
function purposesOf({ channel, state, purposes }: ConsentWord): readonly ConsentPurpose[] {
  if (state === 'given' || state === 'withdrawn') return purposes;
  return consentPurposes.filter((purpose) => optOutStops(channel, purpose));
}

/** Locks the open cases of customers, and closed ones of which something still waits to go out. */
export function lockCasesOf(tx: Db, customerIds: readonly string[]): Promise<string[]> {
  return lockCasesWhere(tx, areConcerned(tx, customerIds));
}

/** The cases about which a word of customers is: open ones, and closed ones of which something still waits to go out. */
export function areConcerned(tx: Db, customerIds: readonly string[]): SQL | undefined {
  const theirs = tx
    .select({ id: policies.id })
    .from(policies)
    .where(inArray(policies.customerId, [...customerIds]));
  const waiting = tx
    .select({ id: messages.renewalId })
    .from(messages)
    .where(and(inArray(messages.customerId, [...customerIds]), eq(messages.state, 'planned')));
  const open = and(isNull(renewals.outcome), inArray(renewals.policyId, theirs));
  return or(open, inArray(renewals.id, waiting));
}

/** Locks customers in the one order in which lists and whoever else is about several of them do. */
export async function lockCustomers(tx: Db, customerIds: readonly string[]): Promise<void> {
  const theirs = inArray(customers.id, [...customerIds]);
  await tx.select({ id: customers.id }).from(customers).where(theirs).orderBy(customers.id).for('no key update');
}

/** Answers the purposes that may be written for again, where that is what the word brings. */
async function writeStanding(tx: Db, customerIds: readonly string[], word: Taken): Promise<readonly ConsentPurpose[]> {
  if (customerIds.length > 1) await lockCustomers(tx, customerIds);
  const { channel, purposes, state, at } = word;
  const columns = columnsOf[channel];
  const isTheirs = inArray(customers.id, [...customerIds]);
  const say = (given: boolean) => Object.fromEntries(purposes.map((purpose) => [columns[purpose], given]));
  switch (state) {
    case 'opted-out': {
      const optedOutAt = sql`coalesce(${customers[columns.optedOutAt]}, ${at.toISOString()}::timestamptz)`;
      await tx
        .update(customers)
        .set({ [columns.optedOutAt]: optedOutAt })
        .where(isTheirs);
      return [];
    }
    case 'opted-in':
      await tx
        .update(customers)
        .set({ [columns.optedOutAt]: null })
        .where(isTheirs);
      return purposes;
    case 'withdrawn':
      await tx.update(customers).set(say(false)).where(isTheirs);
      return [];
    case 'given': {
      const blocked = channel === 'sms' ? await blockedByTwilio(tx, customerIds) : [];
      const free = customerIds.filter((id) => !blocked.includes(id));
      await endOptOut(tx, free, word);
      await tx.update(customers).set(say(true)).where(isTheirs);
      return blocked.length === 0 ? purposes : [];
    }
  }
}

/** Who opted out of a channel and allows one purpose again allows that one alone, unless the provider still sends nothing. */
async function endOptOut(tx: Db, customerIds: readonly string[], word: Taken): Promise<void> {
  const { channel, purposes } = word;
  if (!purposes.some((purpose) => optOutStops(channel, purpose))) return;
  const columns = columnsOf[channel];
  const others = consentPurposes.filter((one) => !purposes.includes(one) && optOutStops(channel, one));
  const optedOut = and(inArray(customers.id, [...customerIds]), sql`${customers[columns.optedOutAt]} is not null`);
  const silent = Object.fromEntries(others.map((purpose) => [columns[purpose], false]));
  const ended = await tx
    .update(customers)
    .set({ [columns.optedOutAt]: null, ...silent })
    .where(optedOut)
    .returning({ id: customers.id });
  if (others.length === 0) return;
  const withdrawn: Taken = { ...word, state: 'withdrawn', purposes: others };
  await keepWords(tx, { customerIds: ended.map(({ id }) => id) }, withdrawn);
}
