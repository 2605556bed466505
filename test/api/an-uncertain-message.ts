import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../src/db/connection.ts';
import { messageAttempts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';

export type MessageFacts = Partial<typeof messages.$inferInsert>;

const at = (written: string): Date => new Date(`${written}:00+08:00`);

/** A message of a case, planned by SMS for 2030-05-21 09:30 unless told otherwise. */
export async function aMessage(db: Db, renewalId: string, facts: MessageFacts = {}): Promise<string> {
  const [row] = await db
    .select({ customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, renewalId));
  const id = uuidv7();
  const touch = { touch: `t-${id.slice(-6)}`, channel: 'sms', template: 'expiry-notice', state: 'planned' };
  const due = { dueAt: at('2030-05-21T09:30'), latestAt: at('2030-05-22T09:30') };
  await db.insert(messages).values({ id, renewalId, customerId: row!.customerId, ...touch, ...due, ...facts });
  return id;
}

/** The same after an attempt at 11:00 that a provider answered with a 503. */
export async function anUncertainMessage(db: Db, renewalId: string, facts: MessageFacts = {}): Promise<string> {
  const attempt = { claimedAt: at('2030-05-21T11:00'), state: 'unknown', reason: 'http-503', answer: 'http-503' };
  const attemptId = uuidv7();
  const asked = { address: '+8613800001234', body: '王小明您好，您的车险即将到期。' };
  const id = await aMessage(db, renewalId, { attemptId, provider: 'twilio', ...attempt, ...asked, ...facts });
  await db.insert(messageAttempts).values({ id: attemptId, messageId: id, provider: 'twilio', ...attempt });
  return id;
}
