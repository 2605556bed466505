import { and, eq, isNull, or, sql, type SQL } from 'drizzle-orm';
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

/** Suppresses an address from now on; answers its id, undefined when it was suppressed before. */
export async function suppressAddress(tx: Db, suppression: Suppression): Promise<string | undefined> {
  const { channel, address } = suppression;
  const [row] = await tx
    .insert(suppressedAddresses)
    .values({ id: uuidv7(), ...suppression, address: normalAddress(channel, address), since: sql`business_now()` })
    .onConflictDoNothing()
    .returning({ id: suppressedAddresses.id });
  return row?.id;
}

/** The suppression of an `address` on a `channel`, in its normal form, that holds for `customerId`. */
export function suppressionFor(db: Db) {
  const { customerId: whose } = suppressedAddresses;
  const isThis = and(
    eq(suppressedAddresses.channel, sql.placeholder('channel')),
    eq(suppressedAddresses.address, sql.placeholder('address')),
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
    and (s.customer_id is null or s.customer_id = ${id}))`;
}

/** Takes back what a mistaken result suppressed; answers the ids. */
export async function liftSuppressionsOf(tx: Db, resultId: string): Promise<string[]> {
  const lifted = await tx
    .delete(suppressedAddresses)
    .where(eq(suppressedAddresses.resultId, resultId))
    .returning({ id: suppressedAddresses.id });
  return lifted.map(({ id }) => id);
}
