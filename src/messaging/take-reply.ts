import { readClock } from '../db/business-clock.ts';
import { readSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { lockCasesOf, takeConsentWord } from '../db/customers/consent-records.ts';
import { denyNumber } from '../db/customers/denied-number.ts';
import {
  firstOpenCases,
  keepInbound,
  sendersOf,
  takeUnapplied,
  wroteAgain,
  type InboundMessage,
  type KeptInbound,
  type Sender,
} from '../db/customers/inbound-records.ts';
import { silenceCustomer } from '../db/results/refuse-contact.ts';
import { journalise } from '../db/journal/journal-records.ts';
import { assignTasks } from '../db/tasks/task-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { consentPurposes, type ConsentState, type ReplyMeaning } from '../renewal/consent.ts';
import { countDue } from '../renewal/due-time.ts';
import type { TaskKind } from '../renewal/task.ts';
import { readReply, type ReadReply } from './read-reply.ts';

/** What the provider itself took the message for, where it says so. */
export type ToldMeaning = Extract<ReplyMeaning, 'opt-out' | 'opt-in' | 'help'>;

type Reply = { message: KeptInbound; senders: readonly Sender[]; at: Date };

type ToldMessage = InboundMessage & { told?: ToldMeaning | undefined };

/**
 * Takes what a customer answered by SMS, once for each id of the provider. It is kept first, because no provider calls
 * twice: what cannot be acted on now is acted on by the next settling of messages.
 */
export async function takeReply(db: Db, message: ToldMessage, calendar: Calendar): Promise<void> {
  await keepReply(db, message);
  await applyReply(db, message.id, calendar).catch(() => {});
}

/** Keeps a reply as it is read, in a transaction of its own; a second time changes nothing. */
async function keepReply(db: Db, { told, ...message }: ToldMessage): Promise<void> {
  const read: ReadReply = told === undefined ? readReply(message.body) : { meaning: told, certain: true };
  await db.transaction(async (tx) => {
    await keepInbound(tx, message, { ...read, receivedAt: new Date((await readClock(tx)).now) });
  });
}

/**
 * Does what a kept reply says, in one transaction and once: an opt-out stops the channel for everybody with the number, a
 * refusal of contact stops calls as well, START ends an opt-out. What is not certain, or is none of them, goes to a person
 * and stops nothing for good by itself: until it was read, reminders wait (restraint.ts).
 */
export async function applyReply(db: Db, id: string, calendar: Calendar): Promise<void> {
  await db.transaction(async (tx) => {
    const message = await takeUnapplied(tx, id);
    if (!message) return;
    const senders = await sendersOf(tx, id);
    if (senders.length > 0) await act(tx, { message, senders, at: message.receivedAt }, calendar);
  });
}

async function act(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  const { meaning, certain } = reply.message;
  if (!certain) return askSomebody(tx, reply, calendar);
  switch (meaning) {
    case 'opt-out':
      return say(tx, { ...reply, state: 'opted-out' }, calendar);
    case 'no-contact':
      return refuse(tx, reply, calendar);
    case 'opt-in':
      return optIn(tx, reply, calendar);
    case 'wrong-person':
      return deny(tx, reply, calendar);
    case 'sold-vehicle':
    case 'help':
    case 'other':
      return askSomebody(tx, reply, calendar);
  }
}

async function say(
  tx: Db,
  { message, senders, state }: Reply & { state: ConsentState },
  calendar: Calendar,
): Promise<void> {
  const customerIds = senders.map(({ customerId }) => customerId);
  const how = { channel: 'sms', purposes: consentPurposes, source: 'sms', evidence: message.id } as const;
  await takeConsentWord(tx, { customerIds, state, ...how }, calendar);
}

/**
 * A word such as YES from somebody who never opted out answers something else; a late START may not undo a later STOP, nor
 * one from a number that the customer has given up what was said since.
 */
async function optIn(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  const optedOut = reply.senders.filter(({ smsOptedOutAt, hasNumber }) => smsOptedOutAt !== null && hasNumber);
  if (optedOut.length === 0 || (await wroteAgain(tx, reply.message))) return askSomebody(tx, reply, calendar);
  return say(tx, { ...reply, senders: optedOut, state: 'opted-in' }, calendar);
}

/** Said by SMS: that channel stops for good, everything else rests for as long as a refusal of contact holds. */
async function refuse(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  const { senders, message, at } = reply;
  const customerIds = senders.map(({ customerId }) => customerId);
  const cases = await lockCasesOf(tx, customerIds);
  for (const customerId of customerIds) {
    await silenceCustomer(tx, { customerId, refusedAt: at, by: { inboundId: message.id } }, calendar);
  }
  await giveTask(tx, { kind: 'do-not-contact-review', customerIds, occasion: message.id, at }, calendar);
  await say(tx, { ...reply, state: 'opted-out' }, calendar);
  const inputs = { inboundId: message.id };
  const entry = { actor: 'customer', event: 'contact-refused', reason: 'sms', inputs };
  await journalise(
    tx,
    cases.map((chain) => ({ chain, ...entry })),
  );
}

/** Somebody reads it all the same: what is wrong may be something else. A number that was corrected since is no one's here. */
async function deny(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  await askSomebody(tx, reply, calendar);
  const { message, senders } = reply;
  const customerIds = senders.filter(({ hasNumber }) => hasNumber).map(({ customerId }) => customerId);
  await denyNumber(tx, { inboundId: message.id, phone: message.sender, customerIds }, calendar);
}

async function askSomebody(tx: Db, { message, senders, at }: Reply, calendar: Calendar): Promise<void> {
  const customerIds = senders.map(({ customerId }) => customerId);
  await lockCasesOf(tx, customerIds);
  await giveTask(tx, { kind: 'read-reply', customerIds, occasion: message.id, at }, calendar);
}

type Asked = { kind: TaskKind; customerIds: readonly string[]; occasion: string; at: Date };

/** Of each customer one case; who has none open has nobody who could do anything. */
async function giveTask(tx: Db, { kind, customerIds, occasion, at }: Asked, calendar: Calendar): Promise<void> {
  for (const renewalId of await firstOpenCases(tx, customerIds)) {
    const situation = await readSituation(tx, renewalId, calendar);
    const due = countDue(kind, { from: at.getTime(), latest: situation.plan.closesAt }, calendar);
    await assignTasks(tx, situation, [{ kind, occasion, ...due }]);
  }
}
