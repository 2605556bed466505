import { and, desc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { caseThatSuppressed } from '../db/customers/suppressed-records.ts';
import { suppressedAddresses } from '../db/schema/suppressed-addresses.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import type { SuppressionReason } from '../renewal/suppression.ts';
import type { Position } from './keyset.ts';
import { suppressedVisibleTo } from './scope/suppressed-addresses.ts';
import type { Viewer } from './scope/viewer.ts';

export const suppressionStates = ['suppressed', 'lifted'] as const;

type Filters = {
  state: (typeof suppressionStates)[number];
  channel?: Channel | undefined;
  reason?: SuppressionReason | undefined;
  /** Addresses of the customer of this case. */
  renewalId?: string | undefined;
};

type Request = { viewer: Viewer; filters: Filters; from?: Position | undefined; limit: number };

const since = suppressedAddresses.since;

/** One page of the suppressed addresses that somebody may see, unmasked, the newest first. */
export function listSuppressed(db: Db, { viewer, filters, from, limit }: Request) {
  const { state, channel, reason, renewalId } = filters;
  return selectSuppressed(db)
    .where(
      and(
        suppressedVisibleTo(viewer, db),
        state === 'lifted' ? isNotNull(suppressedAddresses.liftedAt) : isNull(suppressedAddresses.liftedAt),
        channel === undefined ? undefined : eq(suppressedAddresses.channel, channel),
        reason === undefined ? undefined : eq(suppressedAddresses.reason, reason),
        renewalId === undefined ? undefined : isOfCustomer(renewalId),
        from && sql`(${since}, ${suppressedAddresses.id}) < (${from.value}, ${from.id}::uuid)`,
      ),
    )
    .orderBy(desc(since), desc(suppressedAddresses.id))
    .limit(limit);
}

/** One of them, lifted or not, if the viewer may see it. */
export async function findSuppressed(db: Db, viewer: Viewer, id: string) {
  const [row] = await selectSuppressed(db).where(and(eq(suppressedAddresses.id, id), suppressedVisibleTo(viewer, db)));
  return row;
}

function selectSuppressed(db: Db) {
  return db
    .select({
      ...getTableColumns(suppressedAddresses),
      renewalId: caseThatSuppressed,
      sortValue: sql<string>`${since}::text`,
    })
    .from(suppressedAddresses);
}

function isOfCustomer(renewalId: string) {
  const { channel, address, customerId } = suppressedAddresses;
  return sql`exists (select 1 from renewals r join policies p on p.id = r.policy_id join customers c on c.id = p.customer_id
    where r.id = ${renewalId} and (c.id = ${customerId} or (${customerId} is null
      and ${address} = case when ${channel} = 'sms' then c.phone else lower(c.email) end)))`;
}
