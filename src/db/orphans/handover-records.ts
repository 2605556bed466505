import { and, count, eq, inArray, ne, sql } from 'drizzle-orm';
import { RenewalError } from '../../renewal/errors.ts';
import type { Outcome } from '../../renewal/loss.ts';
import { lockCasesWhere } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { journalise, type JournalEntry } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { weighHandoverTask } from './handover-weight.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

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
 * hand-over and its items, as in a case that closes.
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
  return lockCasesWhere(tx, inArray(renewals.id, items));
}

/** The hand-over row, locked. Throws `renewal-unknown` when there is none. */
export async function lockHandover(tx: Db, handoverId: string): Promise<HandoverRow> {
  const [row] = await tx.select().from(handovers).where(eq(handovers.id, handoverId)).for('update');
  if (!row) throw new RenewalError('renewal-unknown', 'No hand-over has this id.');
  return row;
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

export async function updateItems(tx: Db, items: readonly HandoverItem[], set: Partial<HandoverItem>): Promise<void> {
  const [first] = items;
  if (!first) return;
  const ids = items.map((item) => item.renewalId);
  await tx
    .update(handoverItems)
    .set({ ...set, decidedAt: sql`business_now()`, notifiedAt: null })
    .where(and(eq(handoverItems.handoverId, first.handoverId), inArray(handoverItems.renewalId, ids)));
}

export type ItemEntry = { actor: string; event: string; reason: string; inputs?: Record<string, unknown> };

/** Tells each case's journal what became of its item. */
export function journaliseItems(
  tx: Db,
  items: readonly HandoverItem[],
  entryOf: (item: HandoverItem) => ItemEntry,
): Promise<void> {
  return journalise(tx, entriesOfItems(items, entryOf));
}

export function entriesOfItems(
  items: readonly HandoverItem[],
  entryOf: (item: HandoverItem) => ItemEntry,
): JournalEntry[] {
  return items.map((item) => {
    const entry = entryOf(item);
    return { ...entry, chain: item.renewalId, inputs: { handoverId: item.handoverId, ...entry.inputs } };
  });
}

/**
 * A case that closes leaves its hand-over; one that closes because a channel took it stays on the list as handed off. The
 * supervisor's task goes with the last case that waited for it.
 */
export async function closeItemsOf(tx: Db, renewalId: string, outcome: Outcome): Promise<void> {
  const waiting = and(
    eq(handoverItems.renewalId, renewalId),
    inArray(handoverItems.state, ['undecided', 'offered', 'handed-off']),
  );
  const open = await tx
    .select({ id: handovers.id })
    .from(handovers)
    .where(inArray(handovers.id, tx.select({ id: handoverItems.handoverId }).from(handoverItems).where(waiting)))
    .orderBy(handovers.id)
    .for('update');
  if (open.length === 0) return;
  const notifiedAt = sql`business_now()`;
  const accepted = eq(handoverItems.state, 'handed-off');
  if (outcome.kind === 'orphan-handed-off')
    await tx.update(handoverItems).set({ notifiedAt }).where(and(waiting, accepted));
  const left = outcome.kind === 'orphan-handed-off' ? and(waiting, ne(handoverItems.state, 'handed-off')) : waiting;
  await tx.update(handoverItems).set({ state: 'closed', notifiedAt }).where(left);
  for (const { id } of open) await finishTaskIfDecided(tx, id, 'system');
}

/**
 * The hand-over task is done once nothing is undecided, and weighs what is left until then; the hand-over itself is decided
 * once nothing is offered either.
 */
export async function finishTaskIfDecided(tx: Db, handoverId: string, by: string): Promise<void> {
  const left = await countItems(tx, handoverId);
  if (left.undecided > 0) return weighHandoverTask(tx, handoverId);
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
