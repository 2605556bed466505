import { and, asc, desc, eq, gte, isNotNull, lt, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { messages } from '../db/schema/messages.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { messageStates, type MessageState } from '../renewal/message-state.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import type { Position } from './keyset.ts';
import { messagesVisibleTo } from './scope/messages.ts';
import type { Viewer } from './scope/viewer.ts';

export const messageSortKeys = ['age'] as const;

/** A state, or `held`: planned, and kept back for a reason. */
export const messageFilterStates = [...messageStates, 'held'] as const;

type MessageFilters = {
  state?: MessageState | 'held' | undefined;
  channel?: Channel | undefined;
  /** A code, also of a family: `case-closed` finds `case-closed:renewed`. */
  reason?: string | undefined;
  renewalId?: string | undefined;
  branchId?: string | undefined;
  /** Business instants: from the first on, and before the second. */
  dueFrom?: Date | undefined;
  dueBefore?: Date | undefined;
  provider?: string | undefined;
};

export type MessageListRequest = {
  viewer: Viewer;
  filters: MessageFilters;
  /** By age: ascending has the youngest first. */
  descending: boolean;
  /** The last row of the page before; its value is the instant since when it is as old as it is. */
  from?: Position | undefined;
  limit: number;
};

/** Since when a message is as old as it is: its last claim, or its day while it has none; an index has the same. */
const since = sql`coalesce(${messages.claimedAt}, ${messages.dueAt})`;

const item = {
  message: messages,
  branchId: renewals.branchId,
  outcome: renewals.outcome,
  policyNumber: policies.policyNumber,
  since: sql<Date>`${since}`.mapWith(messages.dueAt),
  sortValue: sql<string>`${since}::text`,
};

export type MessageItem = Awaited<ReturnType<typeof readStretch>>[number];

/** Who sees most of the book: to sort all of it for one page would take seconds. */
const wideRoles: readonly Role[] = ['admin', 'auditor', 'channel-manager', 'general-manager'];

/** One page of the messages somebody may see, by age, then id (api.md, GET /v1/messages). */
export async function listMessages(db: Db, request: MessageListRequest): Promise<MessageItem[]> {
  const { viewer, filters, descending, limit } = request;
  const isNarrow = [filters.state, filters.reason, filters.renewalId].some((given) => given !== undefined);
  if (isNarrow || !viewer.roles.some((role) => wideRoles.includes(role))) return readStretch(db, request);
  // An index walk for each state, of which the page takes the first rows of all.
  const stretches = messageStates.map((state) => readStretch(db, { ...request, filters: { ...filters, state } }));
  const inOrder = (await Promise.all(stretches)).flat().toSorted(olderFirst);
  return (descending ? inOrder : inOrder.toReversed()).slice(0, limit);
}

/** The same order as PostgreSQL's, down to the microsecond. */
function olderFirst(one: MessageItem, other: MessageItem): number {
  const [first, second] = [one, other].map(({ sortValue, message }) => `${sortValue} ${message.id}`) as [
    string,
    string,
  ];
  return first < second ? -1 : 1;
}

function readStretch(db: Db, { viewer, filters, descending, from, limit }: MessageListRequest) {
  const direction = descending ? asc : desc;
  const beyond = descending ? sql`>` : sql`<`;
  return selectMessages(db)
    .where(
      and(
        messagesVisibleTo(viewer, db),
        ...conditions(filters),
        from && sql`(${since}, ${messages.id}) ${beyond} (${from.value}, ${from.id}::uuid)`,
      ),
    )
    .orderBy(direction(since), direction(messages.id))
    .limit(limit);
}

/** One message, if the viewer may see it. */
export async function findMessage(db: Db, viewer: Viewer, id: string): Promise<MessageItem | undefined> {
  const [row] = await selectMessages(db).where(and(eq(messages.id, id), messagesVisibleTo(viewer, db)));
  return row;
}

function selectMessages(db: Db) {
  return db
    .select(item)
    .from(messages)
    .innerJoin(renewals, eq(renewals.id, messages.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId));
}

function conditions(filters: MessageFilters): (SQL | undefined)[] {
  const given = <Value>(value: Value | undefined, condition: (value: Value) => SQL | undefined): SQL | undefined =>
    value === undefined ? undefined : condition(value);
  return [
    given(filters.state, isIn),
    given(filters.channel, (channel) => eq(messages.channel, channel)),
    given(filters.reason, (reason) => sql`${reason} in (${messages.reason}, split_part(${messages.reason}, ':', 1))`),
    given(filters.renewalId, (renewalId) => eq(messages.renewalId, renewalId)),
    given(filters.branchId, (branchId) => eq(renewals.branchId, branchId)),
    given(filters.dueFrom, (instant) => gte(messages.dueAt, instant)),
    given(filters.dueBefore, (instant) => lt(messages.dueAt, instant)),
    given(filters.provider, (provider) => eq(messages.provider, provider)),
  ];
}

function isIn(state: MessageState | 'held'): SQL | undefined {
  if (state === 'held') return and(eq(messages.state, 'planned'), isNotNull(messages.reason));
  return eq(messages.state, state);
}
