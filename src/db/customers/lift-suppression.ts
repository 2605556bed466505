import { and, eq, isNull, sql } from 'drizzle-orm';
import { lockCase } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { journalise } from '../journal/journal-records.ts';
import { suppressedAddresses } from '../schema/suppressed-addresses.ts';
import { firstOpenCases } from './inbound-records.ts';
import { caseThatSuppressed } from './suppressed-records.ts';

/** Under the id of the request; the reason is free text and stays out of the journal. */
export type Lift = { id: string; suppressionId: string; reason: string; by: string };

export type LiftAnswer = { kind: 'lifted' | 'lifted-before' | 'unknown' };

/**
 * Lets messages go to an address again that was suppressed, because somebody says that it works. What was not sent meanwhile
 * stays unsent, and what fails from now on is counted anew. The same request again changes nothing.
 */
export async function liftSuppression(tx: Db, { id, suppressionId, reason, by }: Lift): Promise<LiftAnswer> {
  const { customerId: whose, channel } = suppressedAddresses;
  const [known] = await tx
    .select({ customerId: whose, channel, renewalId: caseThatSuppressed })
    .from(suppressedAddresses)
    .where(eq(suppressedAddresses.id, suppressionId));
  if (!known) return { kind: 'unknown' };
  const ofCustomer = known.customerId === null ? [] : await firstOpenCases(tx, [known.customerId]);
  const renewalId = known.renewalId ?? ofCustomer[0];
  const chain = renewalId ?? `customer.${known.customerId}`;
  const event = `suppression-lifted:${known.channel}`;
  await lockCase(tx, renewalId ?? null);
  if (await isJournalled(tx, { chain, event, id })) return { kind: 'lifted' };
  const lifted = await tx
    .update(suppressedAddresses)
    .set({ liftedAt: sql`business_now()`, liftedBy: by, liftReason: reason })
    .where(and(eq(suppressedAddresses.id, suppressionId), isNull(suppressedAddresses.liftedAt)))
    .returning({ id: suppressedAddresses.id });
  if (lifted.length === 0) return { kind: 'lifted-before' };
  await journalise(tx, [{ chain, actor: by, event, reason: 'asked-by-person', inputs: { id, suppressionId } }]);
  return { kind: 'lifted' };
}
