import { and, asc, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { contactResults } from '../db/schema/contact-results.ts';
import { customers } from '../db/schema/customers.ts';
import { journal } from '../db/schema/journal.ts';
import { policies } from '../db/schema/policies.ts';
import { quotes } from '../db/schema/quotes.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { rankCalls, type CallListRequest } from './call-rank.ts';

export type CallListRow = Awaited<ReturnType<typeof listCalls>>[number];

/**
 * One page of what the call centre has to call, ranked: promised call-backs whose time has come (the longest waiting
 * first), then by worklist score, then call-backs of later (business.md, The stage plan; api.md, GET /v1/call-list).
 */
export async function listCalls(db: Db, request: CallListRequest) {
  const ranked = await rankCalls(db, request);
  const ids = ranked.map(({ id }) => id);
  if (ids.length === 0) return [];
  const [cases, history, offers, claims, reasons] = await Promise.all([
    readCases(db, ids),
    readHistory(db, ids),
    readNewestQuotes(db, ids),
    readClaims(db, ids),
    readReasons(db, ids),
  ]);
  return ranked.flatMap(({ id, ...rank }) => {
    const found = cases.get(id);
    if (!found) return [];
    return {
      ...found,
      ...rank,
      history: history.get(id) ?? [],
      quote: offers.get(id)?.[0] ?? null,
      claim: claims.get(id)?.[0] ?? null,
      reason: reasons.get(id)?.[0]?.reason ?? null,
    };
  });
}

async function readCases(db: Db, ids: readonly string[]) {
  const rows = await db
    .select({ renewal: renewals, policy: policies, customer: customers })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(inArray(renewals.id, [...ids]));
  return new Map(rows.map((row) => [row.renewal.id, row]));
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
