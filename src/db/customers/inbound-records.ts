import { and, asc, desc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { ReplyMeaning } from '../../renewal/consent.ts';
import type { Db } from '../connection.ts';
import { maybeSent } from '../messages/message-records.ts';
import { inboundMessages, inboundSenders } from '../schema/consents.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** A message that came in, with the provider's id; numbers in E.164. */
export type InboundMessage = { id: string; provider: string; sender: string; recipient: string; body: string };

/** How a message was read, and the business instant at which it came. */
export type ReadInbound = { meaning: ReplyMeaning; certain: boolean; receivedAt: Date };

/**
 * Keeps a message that came in, once, with the customers who have its number now, because a number may change later, and
 * those who were written to there lately, because it may have changed just before. What it says is still to be done.
 */
export async function keepInbound(tx: Db, message: InboundMessage, read: ReadInbound): Promise<void> {
  const kept = await tx
    .insert(inboundMessages)
    .values({ ...message, ...read, appliedAt: null })
    .onConflictDoNothing()
    .returning({ id: inboundMessages.id });
  if (kept.length === 0) return;
  const { id: messageId, sender } = message;
  const found = await tx
    .select({ customerId: customers.id })
    .from(customers)
    .where(eq(customers.phone, sender))
    .union(writtenToLately(tx, sender));
  if (found.length > 0) {
    await tx.insert(inboundSenders).values(found.map(({ customerId }) => ({ messageId, customerId })));
  }
}

/** Networks give a number to somebody else after 90 days at the earliest: until then an answer may be about our message. */
function writtenToLately(tx: Db, phone: string) {
  const lately = sql`business_now() - interval '90 days'`;
  return tx
    .select({ customerId: messages.customerId })
    .from(messages)
    .where(and(eq(messages.channel, 'sms'), eq(messages.address, phone), gt(messages.claimedAt, lately), maybeSent));
}

export type KeptInbound = Omit<typeof inboundMessages.$inferSelect, 'meaning'> & { meaning: ReplyMeaning };

/** Takes a message whose word is still to be done, locked and marked as done with this transaction. */
export async function takeUnapplied(tx: Db, id: string): Promise<KeptInbound | undefined> {
  const [row] = await tx
    .update(inboundMessages)
    .set({ appliedAt: sql`clock_timestamp()` })
    .where(and(eq(inboundMessages.id, id), isNull(inboundMessages.appliedAt)))
    .returning();
  return row && { ...row, meaning: row.meaning as ReplyMeaning };
}

/** What was read as a refusal of contact for certain was none; answers when it came, undefined when it was no refusal. */
export async function markMisread(tx: Db, id: string): Promise<Date | undefined> {
  const isRefusal = and(eq(inboundMessages.meaning, 'no-contact'), eq(inboundMessages.certain, true));
  const [row] = await tx
    .update(inboundMessages)
    .set({ certain: false })
    .where(and(eq(inboundMessages.id, id), isRefusal))
    .returning({ receivedAt: inboundMessages.receivedAt });
  return row?.receivedAt;
}

/** Whether this names a message that came in. */
export async function isInbound(db: Db, id: string): Promise<boolean> {
  return (await db.$count(inboundMessages, eq(inboundMessages.id, id))) > 0;
}

/** Messages that were kept and not acted on, because their process died or something failed; the oldest first. */
export async function inboundLeftOver(db: Db, limit: number): Promise<string[]> {
  const isOld = lte(
    inboundMessages.receivedAt,
    sql`business_now() - (select speed from business_clock where id = 1) * interval '10 seconds'`,
  );
  const rows = await db
    .select({ id: inboundMessages.id })
    .from(inboundMessages)
    .where(and(isNull(inboundMessages.appliedAt), isOld))
    .orderBy(asc(inboundMessages.receivedAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Whether the number of a message wrote again after it. */
export async function wroteAgain(tx: Db, { sender, receivedAt }: KeptInbound): Promise<boolean> {
  return (
    (await tx.$count(
      inboundMessages,
      and(eq(inboundMessages.sender, sender), gt(inboundMessages.receivedAt, receivedAt)),
    )) > 0
  );
}

/** The number that wrote a message; null for none that we know. */
export async function senderOf(tx: Db, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ sender: inboundMessages.sender })
    .from(inboundMessages)
    .where(eq(inboundMessages.id, id));
  return row?.sender ?? null;
}

/** `hasNumber`: it is still the number under which the customer is written to. */
export type Sender = { customerId: string; smsOptedOutAt: Date | null; hasNumber: boolean };

/** The customers who had the number when it wrote, or were written to there before. */
export function sendersOf(tx: Db, id: string): Promise<Sender[]> {
  const hasNumber = sql<boolean>`${customers.phone} is not distinct from ${inboundMessages.sender}`;
  return tx
    .select({ customerId: customers.id, smsOptedOutAt: customers.smsOptedOutAt, hasNumber })
    .from(inboundSenders)
    .innerJoin(inboundMessages, eq(inboundMessages.id, inboundSenders.messageId))
    .innerJoin(customers, eq(customers.id, inboundSenders.customerId))
    .where(eq(inboundSenders.messageId, id))
    .orderBy(customers.id);
}

/** Of each customer the open case that expires first: whoever works it speaks for the customer. */
export async function firstOpenCases(tx: Db, customerIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectDistinctOn([policies.customerId], { id: renewals.id })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(inArray(policies.customerId, [...customerIds]), isNull(renewals.outcome)))
    .orderBy(asc(policies.customerId), asc(renewals.expiresOn), asc(renewals.id));
  return rows.map(({ id }) => id);
}

/** What the customer of a case wrote, newest first. */
export function repliesOf(db: Db, renewalId: string, limit: number) {
  const { id, body, meaning, certain, receivedAt } = inboundMessages;
  return db
    .select({ id, body, meaning, certain, receivedAt })
    .from(inboundMessages)
    .innerJoin(inboundSenders, eq(inboundSenders.messageId, inboundMessages.id))
    .innerJoin(policies, eq(policies.customerId, inboundSenders.customerId))
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, renewalId))
    .orderBy(desc(receivedAt), desc(id))
    .limit(limit);
}
