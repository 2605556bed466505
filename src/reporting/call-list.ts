import { and, asc, desc, eq, inArray, isNotNull, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { contactResults } from '../db/schema/contact-results.ts';
import { customers } from '../db/schema/customers.ts';
import { handoverItems } from '../db/schema/handovers.ts';
import { journal } from '../db/schema/journal.ts';
import { policies } from '../db/schema/policies.ts';
import { quotes } from '../db/schema/quotes.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { callCentreRank } from './call-rank.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

/** Where a page ended. `asOf` is the business instant (ms) at which the list was ranked; all its pages keep to it. */
type CallPosition = { asOf: number; place: number; order: number; id: string };

/** `zone` is the business zone, by which a policy's last day ends. */
export type CallListRequest = {
  viewer: Viewer;
  asOf: number;
  zone: string;
  from?: CallPosition | undefined;
  limit: number;
};

export type CallListRow = Awaited<ReturnType<typeof listCalls>>[number];

/**
 * One page of what the call centre has to call, ranked: promised call-backs whose time has come (the longest waiting
 * first), then by worklist score, then call-backs of later (business.md, The stage plan; api.md, GET /v1/call-list).
 */
export async function listCalls(db: Db, request: CallListRequest) {
  const rows = await readRanked(db, request);
  const ids = rows.map(({ renewal }) => renewal.id);
  if (ids.length === 0) return [];
  const [history, offers, claims, reasons] = await Promise.all([
    readHistory(db, ids),
    readNewestQuotes(db, ids),
    readClaims(db, ids),
    readReasons(db, ids),
  ]);
  return rows.map((row) => ({
    ...row,
    history: history.get(row.renewal.id) ?? [],
    quote: offers.get(row.renewal.id)?.[0] ?? null,
    claim: claims.get(row.renewal.id)?.[0] ?? null,
    reason: reasons.get(row.renewal.id)?.[0]?.reason ?? null,
  }));
}

function readRanked(db: Db, { viewer, asOf, zone, from, limit }: CallListRequest) {
  const now = new Date(asOf);
  const { promisedAt, place, order } = callCentreRank(now, zone);
  return db
    .select({ renewal: renewals, policy: policies, customer: customers, promisedAt, place, order })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(
      and(
        renewalsVisibleTo({ ...viewer, roles: ['call-centre'] }),
        or(isNotNull(renewals.callCentreSince), offeredNow()),
        mayBeCalled(now),
        from && sql`(${place}, ${order}, ${renewals.id}) > (${from.place}::int, ${from.order}::float8, ${from.id})`,
      ),
    )
    .orderBy(asc(place), asc(order), asc(renewals.id))
    .limit(limit);
}

function offeredNow(): SQL {
  return sql`exists (select 1 from ${handoverItems} where ${handoverItems.renewalId} = ${renewals.id}
    and ${handoverItems.channel} = 'call-centre' and ${handoverItems.state} = 'offered')`;
}

/** Open, nobody holds it, no second round runs, and the customer has not refused to be contacted (business.md, Contact results). */
function mayBeCalled(now: Date): SQL | undefined {
  return and(
    isNull(renewals.outcome),
    isNull(renewals.refusedContactAt),
    isNull(renewals.secondRoundDueAt),
    or(isNull(renewals.heldUntil), lte(renewals.heldUntil, now)),
    or(isNull(customers.doNotContactUntil), lte(customers.doNotContactUntil, now)),
  );
}

async function readHistory(db: Db, ids: readonly string[]) {
  const { id, renewalId, result, recordedAt, recordedBy, channel, callBackAt, note } = contactResults;
  const rows = await db
    .select({ id, renewalId, result, recordedAt, recordedBy, channel, callBackAt, note })
    .from(contactResults)
    .where(and(inArray(contactResults.renewalId, [...ids]), inArray(contactResults.state, ['received', 'applied'])))
    .orderBy(desc(contactResults.recordedAt), desc(contactResults.id));
  return Map.groupBy(rows, (row) => row.renewalId);
}

async function readNewestQuotes(db: Db, ids: readonly string[]) {
  const { renewalId, version, kind, premium, validUntil, quotedAt } = quotes;
  const rows = await db
    .selectDistinctOn([quotes.renewalId], { renewalId, version, kind, premium, validUntil, quotedAt })
    .from(quotes)
    .where(inArray(quotes.renewalId, [...ids]))
    .orderBy(asc(quotes.renewalId), desc(quotes.version));
  return Map.groupBy(rows, (row) => row.renewalId);
}

/** Who of the call centre has taken the case. */
async function readClaims(db: Db, ids: readonly string[]) {
  const rows = await db
    .select({ renewalId: tasks.renewalId, by: tasks.assigneeId, at: tasks.claimedAt })
    .from(tasks)
    .where(
      and(
        inArray(tasks.renewalId, [...ids]),
        eq(tasks.kind, 'call-centre-case'),
        eq(tasks.state, 'open'),
        isNotNull(tasks.assigneeId),
      ),
    )
    .orderBy(asc(tasks.createdAt), asc(tasks.id));
  return Map.groupBy(rows, (row) => row.renewalId ?? '');
}

/** Why a case came to the call centre, the newest reason first. */
async function readReasons(db: Db, ids: readonly string[]) {
  const rows = await db
    .select({ chain: journal.chain, reason: journal.reason })
    .from(journal)
    .where(
      and(
        inArray(journal.chain, [...ids]),
        inArray(journal.event, ['escalated:call-centre', 'handed-to-call-centre', 'offered:call-centre']),
      ),
    )
    .orderBy(asc(journal.chain), desc(journal.sequence));
  return Map.groupBy(rows, (row) => row.chain);
}
