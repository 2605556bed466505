import { and, count, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Calendar } from '../renewal/calendar.ts';
import { RenewalError } from '../renewal/errors.ts';
import { afterNoAcceptance, afterSilence, type OrphanStep, type ReceivingChannel } from '../renewal/orphan.ts';
import { readClock } from './business-clock.ts';
import type { Db } from './connection.ts';
import { journalise } from './journal-records.ts';
import { onlyRow } from './only-row.ts';
import { assignHandoverTask, decisionDueAt } from './orphan-records.ts';
import { handoverItems, handovers } from './schema/handovers.ts';
import { renewals } from './schema/renewals.ts';
import { tasks } from './schema/tasks.ts';

export type HandoverItem = typeof handoverItems.$inferSelect;
export type HandoverRow = typeof handovers.$inferSelect;

/** The hand-overs that still wait for a decision or an acceptance. */
export async function openHandovers(db: Db): Promise<string[]> {
  const rows = await db.select({ id: handovers.id }).from(handovers).where(eq(handovers.state, 'open'));
  return rows.map((row) => row.id);
}

/** Which items a decision is about: the named cases, or all of the hand-over that stand in one of the states. */
export type Selection = { handoverId: string; renewalIds?: readonly string[] | undefined; states: readonly string[] };

export async function readHandover(db: Db, handoverId: string): Promise<HandoverRow | undefined> {
  const [row] = await db.select().from(handovers).where(eq(handovers.id, handoverId));
  return row;
}

/**
 * Locks the cases of a hand-over, or the named ones of them, in the order of their ids. It comes before the lock on the
 * hand-over and its items: a case that closes locks its row first and its items last.
 */
export async function lockCases(
  tx: Db,
  { handoverId, renewalIds }: Pick<Selection, 'handoverId' | 'renewalIds'>,
): Promise<string[]> {
  const items = tx
    .select({ id: handoverItems.renewalId })
    .from(handoverItems)
    .where(
      and(
        eq(handoverItems.handoverId, handoverId),
        renewalIds ? inArray(handoverItems.renewalId, [...renewalIds]) : undefined,
      ),
    );
  const locked = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(inArray(renewals.id, items))
    .orderBy(renewals.id)
    .for('update');
  return locked.map((row) => row.id);
}

/** The selected items, locked; closed cases are not among them. */
export async function selectItems(tx: Db, { handoverId, renewalIds, states }: Selection): Promise<HandoverItem[]> {
  return tx
    .select()
    .from(handoverItems)
    .where(
      and(
        eq(handoverItems.handoverId, handoverId),
        inArray(handoverItems.state, [...states]),
        renewalIds ? inArray(handoverItems.renewalId, [...renewalIds]) : undefined,
      ),
    )
    .orderBy(handoverItems.renewalId)
    .for('update');
}

/** Gives cases a new owner: pending tasks move, the time without an owner is kept (business.md, Orphans). */
export async function assignOwner(
  tx: Db,
  items: readonly HandoverItem[],
  owner: { id: string; decidedBy: string },
): Promise<void> {
  const ids = items.map((item) => item.renewalId);
  if (ids.length === 0) return;
  await tx
    .update(renewals)
    .set({
      ownerId: owner.id,
      orphanedAt: null,
      unownedSeconds: sql`${renewals.unownedSeconds} + coalesce(extract(epoch from business_now() - ${renewals.orphanedAt}), 0)::int`,
    })
    .where(inArray(renewals.id, ids));
  await tx
    .update(tasks)
    .set({ assigneeId: owner.id })
    .where(and(inArray(tasks.renewalId, ids), eq(tasks.state, 'open'), eq(tasks.role, 'agent')));
  await updateItems(tx, items, { state: 'assigned', ownerId: owner.id, decidedBy: owner.decidedBy });
  await journaliseItems(tx, items, {
    actor: owner.decidedBy,
    event: 'owner-assigned',
    reason: 'hand-over',
    inputs: { ownerId: owner.id },
  });
}

/** Offers cases to a channel, which has the hand-over deadline to accept. */
export async function offerItems(
  tx: Db,
  items: readonly HandoverItem[],
  offer: { channel: ReceivingChannel; by: string; reason: string; calendar: Calendar },
): Promise<void> {
  const offerDueAt = await decisionDueAt(tx, offer.calendar);
  await updateItems(tx, items, { state: 'offered', channel: offer.channel, offerDueAt, decidedBy: offer.by });
  await journaliseItems(tx, items, { actor: offer.by, event: `offered:${offer.channel}`, reason: offer.reason });
}

/** A channel accepted: the cases will close as handed off. */
export async function handOffItems(tx: Db, items: readonly HandoverItem[], by: string): Promise<void> {
  await updateItems(tx, items, { state: 'handed-off', decidedBy: by });
  await journaliseItems(tx, items, { actor: by, event: 'offer-accepted', reason: 'channel-accepted' });
}

/** A channel declined or let its deadline pass; the rule says whether the supervisor decides again. */
export async function returnItems(
  tx: Db,
  handover: HandoverRow,
  returned: { items: readonly HandoverItem[]; by: string; reason: string; calendar: Calendar },
): Promise<void> {
  for (const [channel, items] of byChannel(returned.items)) {
    const step: OrphanStep = afterNoAcceptance(channel);
    if (step.kind === 'hand-off') await handOffItems(tx, items, returned.by);
    if (step.kind === 'back') await backToSupervisor(tx, handover, { ...returned, items, propose: step.propose });
  }
}

async function backToSupervisor(
  tx: Db,
  handover: HandoverRow,
  back: { items: readonly HandoverItem[]; propose: ReceivingChannel; by: string; reason: string; calendar: Calendar },
): Promise<void> {
  const dueAt = await decisionDueAt(tx, back.calendar);
  await updateItems(tx, back.items, {
    state: 'undecided',
    proposedChannel: back.propose,
    channel: null,
    offerDueAt: null,
  });
  await tx.update(handovers).set({ dueAt }).where(eq(handovers.id, handover.id));
  await journaliseItems(tx, back.items, {
    actor: back.by,
    event: 'offer-returned',
    reason: back.reason,
    inputs: { propose: back.propose },
  });
  await assignHandoverTask(tx, { ...handover, dueAt });
}

/** What a passed deadline brings: undecided cases are offered to the call centre, unanswered offers go on by the rule. */
export async function actOnSilence(tx: Db, handoverId: string, calendar: Calendar): Promise<void> {
  const handover = await lockHandover(tx, handoverId);
  const { now } = await readClock(tx);
  const offered = await selectItems(tx, { handoverId, states: ['offered'] });
  const unanswered = offered.filter((item) => item.offerDueAt !== null && item.offerDueAt.getTime() <= now);
  // Before the unanswered ones come back: those have a deadline of their own.
  if (handover.dueAt.getTime() <= now) await offerUndecided(tx, handoverId, calendar);
  await returnItems(tx, handover, { items: unanswered, by: 'system', reason: 'not-accepted-in-time', calendar });
  await finishTaskIfDecided(tx, handoverId, 'system');
}

async function offerUndecided(tx: Db, handoverId: string, calendar: Calendar): Promise<void> {
  const undecided = await selectItems(tx, { handoverId, states: ['undecided'] });
  const step = afterSilence();
  if (undecided.length === 0 || step.kind !== 'offer') return;
  await offerItems(tx, undecided, { channel: step.channel, by: 'system', reason: 'not-decided-in-time', calendar });
}

/** The hand-over row, locked. Throws `renewal-unknown` when there is none. */
export async function lockHandover(tx: Db, handoverId: string): Promise<HandoverRow> {
  const [row] = await tx.select().from(handovers).where(eq(handovers.id, handoverId)).for('update');
  if (!row) throw new RenewalError('renewal-unknown', 'No hand-over has this id.');
  return row;
}

/** The hand-over task is done once nothing is undecided; the hand-over itself once nothing is offered either. */
export async function finishTaskIfDecided(tx: Db, handoverId: string, by: string): Promise<void> {
  const left = await countItems(tx, handoverId);
  if (left.undecided > 0) return;
  await tx
    .update(tasks)
    .set({ state: 'completed', completedAt: sql`business_now()`, completedBy: by })
    .where(and(eq(tasks.handoverId, handoverId), eq(tasks.state, 'open')));
  if (left.offered === 0) await tx.update(handovers).set({ state: 'decided' }).where(eq(handovers.id, handoverId));
}

export type ItemCounts = { total: number; undecided: number; offered: number; unnotified: number };

export async function countItems(db: Db, handoverId: string): Promise<ItemCounts> {
  const where = (condition: ReturnType<typeof sql>) =>
    sql<number>`count(*) filter (where ${condition})`.mapWith(Number);
  const counts = await db
    .select({
      total: count(),
      undecided: where(sql`${handoverItems.state} = 'undecided'`),
      offered: where(sql`${handoverItems.state} = 'offered'`),
      unnotified: where(sql`${handoverItems.notifiedAt} is null`),
    })
    .from(handoverItems)
    .where(eq(handoverItems.handoverId, handoverId));
  return onlyRow(counts);
}

/** Items whose case has not heard of their newest state. */
export async function unnotifiedItems(db: Db, handoverId: string, limit: number): Promise<HandoverItem[]> {
  return db
    .select()
    .from(handoverItems)
    .where(
      and(
        eq(handoverItems.handoverId, handoverId),
        isNull(handoverItems.notifiedAt),
        ne(handoverItems.state, 'closed'),
      ),
    )
    .orderBy(handoverItems.renewalId)
    .limit(limit);
}

/** Marks that a case has heard of an item's state, unless that changed since it was read. */
export async function markNotified(db: Db, item: HandoverItem): Promise<void> {
  await db
    .update(handoverItems)
    .set({ notifiedAt: sql`business_now()` })
    .where(
      and(
        eq(handoverItems.handoverId, item.handoverId),
        eq(handoverItems.renewalId, item.renewalId),
        eq(handoverItems.state, item.state),
      ),
    );
}

async function updateItems(tx: Db, items: readonly HandoverItem[], set: Partial<HandoverItem>): Promise<void> {
  const [first] = items;
  if (!first) return;
  const ids = items.map((item) => item.renewalId);
  await tx
    .update(handoverItems)
    .set({ ...set, decidedAt: sql`business_now()`, notifiedAt: null })
    .where(and(eq(handoverItems.handoverId, first.handoverId), inArray(handoverItems.renewalId, ids)));
}

function journaliseItems(
  tx: Db,
  items: readonly HandoverItem[],
  entry: { actor: string; event: string; reason: string; inputs?: Record<string, unknown> },
): Promise<void> {
  return journalise(
    tx,
    items.map((item) => ({
      ...entry,
      chain: item.renewalId,
      inputs: { handoverId: item.handoverId, ...entry.inputs },
    })),
  );
}

function byChannel(items: readonly HandoverItem[]): Map<ReceivingChannel, HandoverItem[]> {
  return Map.groupBy(items, (item) => (item.channel ?? 'call-centre') as ReceivingChannel);
}
