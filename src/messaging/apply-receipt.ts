import { lockCase } from '../db/cases/case-locks.ts';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import {
  findAttempt,
  lockWithAttempts,
  markApplied,
  type AttemptRow,
  type AttemptsOfMessage,
} from '../db/messages/attempt-records.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { Delivery, DeliveryState } from './provider-answer.ts';
import { addressOf, noteProviderError } from './provider-error.ts';
import { furtherReceipt, isEnd, stateOfReceipt, type Receipt } from './receipt-rank.ts';
import { writeAttempt } from './settle-attempt.ts';

export type TakenReceipt = {
  attemptId: string;
  delivery: Delivery;
  /** How we came to know: the provider called, or was asked. */
  by: 'callback' | 'list';
  /** The stored receipt that this is, to be marked as applied. */
  receiptId?: string;
};

/**
 * Brings what a provider says of an attempt into the books, in one transaction: by rank, so that late, doubled and
 * shuffled words change nothing (promises.md, Callbacks). It settles an attempt of which nobody knew. Answers the state of the
 * message, undefined when nobody made such an attempt.
 */
export async function applyReceipt(db: Db, taken: TakenReceipt, calendar: Calendar): Promise<string | undefined> {
  const place = await findAttempt(db, taken.attemptId);
  if (!place) return undefined;
  // A rank never falls, so what says nothing new now needs no lock to know it.
  if (!furtherThan(place.attempt, taken.delivery)) {
    if (taken.receiptId !== undefined) await markApplied(db, taken.receiptId);
    return place.state;
  }
  return db.transaction(async (tx) => {
    await lockCase(tx, place.renewalId);
    const known = await lockWithAttempts(tx, place.attempt.messageId);
    const attempt = known?.attempts.find(({ id }) => id === taken.attemptId);
    if (!known || !attempt) return undefined;
    if (taken.receiptId !== undefined) await markApplied(tx, taken.receiptId);
    return rank(tx, { known, attempt, taken }, calendar);
  });
}

/** Nobody knew that the provider had taken it, or it was taken for one that had not gone. */
const openStates = ['claimed', 'unknown', 'not-accepted'];

type Ranked = { known: AttemptsOfMessage; attempt: AttemptRow; taken: TakenReceipt };

async function rank(tx: Db, { known, attempt, taken }: Ranked, calendar: Calendar): Promise<string> {
  const further = furtherThan(attempt, taken.delivery);
  if (!further) return known.message.state;
  const { now } = await readClock(tx);
  await learn(tx, { known, attempt, receipt: further, now }, calendar);
  const told = {
    delivery: further.state,
    providerId: attempt.providerId ?? taken.delivery.providerId,
    providerStatus: further.status,
    errorCode: further.errorCode,
    ...(isEnd(further.state) ? { askAt: null } : {}),
  };
  const change = standsAsNotSent(attempt, further)
    ? told
    : { ...told, ...standingAfter(attempt, further, { by: taken.by, now }) };
  return writeAttempt(tx, known, { attemptId: attempt.id, change, reason: taken.by });
}

/** Whoever said that it was not sent had asked the provider: only that the customer has it says more (record 0029). */
function standsAsNotSent({ state, settledBy }: AttemptRow, receipt: Receipt): boolean {
  return state === 'not-accepted' && settledBy === 'operator' && receipt.state !== 'delivered';
}

function standingAfter(attempt: AttemptRow, receipt: Receipt, { by, now }: { by: TakenReceipt['by']; now: Instant }) {
  const settled = openStates.includes(attempt.state) ? { settledBy: by, settledAt: new Date(now) } : {};
  const reason = receipt.state === 'undelivered' ? receipt.status : null;
  return { state: stateOfReceipt(receipt), reason, ...settled };
}

/** What is told, if it says more than what is known of the attempt. */
function furtherThan(attempt: AttemptRow, delivery: Delivery): Receipt | undefined {
  const told = receiptOf(delivery);
  const before = knownReceipt(attempt);
  return before && furtherReceipt(before, told) === before ? undefined : told;
}

type Learned = { known: AttemptsOfMessage; attempt: AttemptRow; receipt: Receipt; now: Instant };

async function learn(tx: Db, { known, attempt, receipt, now }: Learned, calendar: Calendar): Promise<void> {
  if (receipt.state !== 'undelivered' || receipt.errorCode === null) return;
  const { id: messageId, renewalId, customerId, channel } = known.message;
  const address = addressOf(known.message, attempt);
  const facts = { messageId, renewalId, customerId, channel, address, provider: attempt.provider };
  await noteProviderError(tx, { ...facts, code: receipt.errorCode, now, calendar });
}

function receiptOf({ state, status, errorCode }: Delivery): Receipt {
  return { state, status, errorCode: errorCode ?? null };
}

function knownReceipt({ delivery, providerStatus, errorCode }: AttemptRow): Receipt | undefined {
  if (delivery === null) return undefined;
  return { state: delivery as DeliveryState, status: providerStatus ?? '', errorCode };
}
