import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { ReplyMeaning } from '../../renewal/consent.ts';
import type { Db } from '../connection.ts';
import { inboundMessages, inboundSenders } from '../schema/consents.ts';
import { customers } from '../schema/customers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** A message that came in, with the provider's id; numbers in E.164. */
export type InboundMessage = { id: string; provider: string; sender: string; recipient: string; body: string };

/** Keeps a message that came in, once; answers whether it is the first time. */
export async function keepInbound(
  tx: Db,
  message: InboundMessage,
  read: { meaning: ReplyMeaning; certain: boolean; receivedAt: Date },
): Promise<boolean> {
  const kept = await tx
    .insert(inboundMessages)
    .values({ ...message, ...read })
    .onConflictDoNothing()
    .returning({ id: inboundMessages.id });
  return kept.length > 0;
}

export type Sender = { customerId: string; smsOptedOutAt: Date | null };

/** The customers who have the number that wrote, remembered with the message: a number may change later. */
export async function rememberSenders(tx: Db, { id, sender }: InboundMessage): Promise<Sender[]> {
  const found = await tx
    .select({ customerId: customers.id, smsOptedOutAt: customers.smsOptedOutAt })
    .from(customers)
    .where(eq(customers.phone, sender))
    .orderBy(customers.id);
  if (found.length > 0) {
    await tx.insert(inboundSenders).values(found.map(({ customerId }) => ({ messageId: id, customerId })));
  }
  return found;
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
