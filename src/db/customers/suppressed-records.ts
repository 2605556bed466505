import { and, eq, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { uuidv7 } from 'uuidv7';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { SuppressionReason } from '../../renewal/suppression.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { suppressedAddresses } from '../schema/suppressed-addresses.ts';

export type Suppression = {
  channel: Channel;
  address: string;
  /** Whose address it is not; null where it is nobody's. */
  customerId: string | null;
  reason: SuppressionReason;
  code?: string;
  messageId?: string;
  resultId?: string;
};

/** The form in which addresses are compared: mail systems make no difference between capitals and small letters. */
export function normalAddress(channel: Channel, address: string): string {
  return channel === 'email' ? address.toLowerCase() : address;
}

/** Suppresses an address from now on; answers its id, undefined when it was suppressed before. One that was lifted begins anew. */
export async function suppressAddress(tx: Db, suppression: Suppression): Promise<string | undefined> {
  const { channel, address } = suppression;
  const blank = { code: null, messageId: null, resultId: null, liftedAt: null, liftedBy: null, liftReason: null };
  const entered = {
    id: uuidv7(),
    ...suppression,
    address: normalAddress(channel, address),
    since: sql`business_now()`,
  };
  const { channel: on, address: to, customerId } = suppressedAddresses;
  const [row] = await tx
    .insert(suppressedAddresses)
    .values(entered)
    .onConflictDoUpdate({
      target: [on, to, customerId],
      set: { ...blank, ...entered },
      setWhere: isNotNull(suppressedAddresses.liftedAt),
    })
    .returning({ id: suppressedAddresses.id });
  return row?.id;
}

/** The suppression of an `address` on a `channel`, in its normal form, that holds for `customerId`. */
export function suppressionFor(db: Db) {
  const { customerId: whose } = suppressedAddresses;
  const isThis = and(
    eq(suppressedAddresses.channel, sql.placeholder('channel')),
    eq(suppressedAddresses.address, sql.placeholder('address')),
    isNull(suppressedAddresses.liftedAt),
  );
  return db
    .select({ id: suppressedAddresses.id })
    .from(suppressedAddresses)
    .where(and(isThis, or(isNull(whose), eq(whose, sql.placeholder('customerId')))))
    .limit(1);
}

const suppressionOf = prepareOnce('suppression_of', suppressionFor);

/** Whether an address is suppressed, for everybody or for this customer. */
export async function isSuppressed(
  tx: Db,
  { channel, address, customerId }: { channel: Channel; address: string; customerId: string },
): Promise<boolean> {
  const rows = await suppressionOf(tx, { channel, address: normalAddress(channel, address), customerId });
  return rows.length > 0;
}

/** The same inside a query that reads customers. */
export function suppressedFor(
  channel: Channel,
  { id, address }: { id: AnyPgColumn; address: AnyPgColumn },
): SQL<boolean> {
  const normal = channel === 'email' ? sql`lower(${address})` : address;
  return sql<boolean>`exists (select 1 from suppressed_addresses s where s.channel = ${channel} and s.address = ${normal}
    and s.lifted_at is null and (s.customer_id is null or s.customer_id = ${id}))`;
}

/** The case whose message or result suppressed an address; null where a customer wrote that the number is not theirs. */
export const caseThatSuppressed = sql<string | null>`coalesce(
  (select m.renewal_id from messages m where m.id = ${suppressedAddresses.messageId}),
  (select r.renewal_id from contact_results r where r.id = ${suppressedAddresses.resultId}))`;

/** The instant at which an address was lifted last. */
export function liftedLast(tx: Db, { channel, address }: { channel: Channel; address: string }) {
  const { channel: on, address: to, liftedAt } = suppressedAddresses;
  return tx
    .select({ at: sql`max(${liftedAt})` })
    .from(suppressedAddresses)
    .where(and(eq(on, channel), eq(to, normalAddress(channel, address))));
}

/** Takes back what a mistaken result suppressed; answers the ids. */
export async function liftSuppressionsOf(tx: Db, resultId: string): Promise<string[]> {
  const lifted = await tx
    .delete(suppressedAddresses)
    .where(and(eq(suppressedAddresses.resultId, resultId), isNull(suppressedAddresses.liftedAt)))
    .returning({ id: suppressedAddresses.id });
  return lifted.map(({ id }) => id);
}
