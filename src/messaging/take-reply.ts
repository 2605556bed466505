import { readClock } from '../db/business-clock.ts';
import { readSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { lockCasesOf, takeConsentWord } from '../db/customers/consent-records.ts';
import {
  firstOpenCases,
  keepInbound,
  rememberSenders,
  type InboundMessage,
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

type Reply = { message: InboundMessage; senders: readonly Sender[]; read: ReadReply; at: Date };

/**
 * Takes what a customer answered by SMS, in one transaction, once for each id of the provider: an opt-out stops the channel
 * for everybody with the number, a refusal of contact stops calls as well, START ends an opt-out. What is not certain, or is
 * none of them, goes to a person and stops nothing by itself.
 */
export async function takeReply(
  db: Db,
  { told, ...message }: InboundMessage & { told?: ToldMeaning | undefined },
  calendar: Calendar,
): Promise<void> {
  const read: ReadReply = told === undefined ? readReply(message.body) : { meaning: told, certain: true };
  await db.transaction(async (tx) => {
    const at = new Date((await readClock(tx)).now);
    if (!(await keepInbound(tx, message, { ...read, receivedAt: at }))) return;
    const senders = await rememberSenders(tx, message);
    if (senders.length > 0) await act(tx, { message, senders, read, at }, calendar);
  });
}

async function act(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  const { meaning, certain } = reply.read;
  if (!certain) return askSomebody(tx, reply, calendar);
  switch (meaning) {
    case 'opt-out':
      return say(tx, { ...reply, state: 'opted-out' }, calendar);
    case 'no-contact':
      return refuse(tx, reply, calendar);
    case 'opt-in':
      return optIn(tx, reply, calendar);
    case 'wrong-person':
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

/** A word such as YES from somebody who never opted out answers something else. */
async function optIn(tx: Db, reply: Reply, calendar: Calendar): Promise<void> {
  const optedOut = reply.senders.filter(({ smsOptedOutAt }) => smsOptedOutAt !== null);
  if (optedOut.length === 0) return askSomebody(tx, reply, calendar);
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
