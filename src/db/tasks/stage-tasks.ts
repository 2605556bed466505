import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { Stage } from '../../renewal/stage-plan.ts';
import { isNegotiatedOnce, type TaskKind } from '../../renewal/task.ts';
import { escalationTasks } from '../../renewal/task-change.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

type RenewalRow = typeof renewals.$inferSelect;

/** What makes a task the only one of its kind and occasion; a fleet does some work once for all of its vehicles. */
export function taskKey(
  { id, fleetId }: Pick<RenewalRow, 'id' | 'fleetId'>,
  { kind, occasion }: { kind: TaskKind; occasion: string },
): string {
  return `${(isNegotiatedOnce(kind) ? fleetId : null) ?? id}/${kind}/${occasion}`;
}

export function openTasksOf(tx: Db, renewalId: string): Promise<{ key: string; kind: string; dueAt: Date }[]> {
  return tx
    .select({ key: tasks.key, kind: tasks.kind, dueAt: tasks.dueAt })
    .from(tasks)
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.state, 'open')))
    .execute();
}

/**
 * Takes back the escalations out of stages that, by a corrected calendar, have yet to end. Somebody of the call centre who
 * took the case keeps it; else it is theirs no more.
 */
export async function takeBackEscalations(
  tx: Db,
  renewal: RenewalRow,
  { ahead, reason }: { ahead: readonly Stage[]; reason: string },
): Promise<void> {
  const isTaken = and(eq(tasks.kind, 'call-centre-case'), isNotNull(tasks.assigneeId));
  const dropped = await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: reason })
    .where(
      and(
        eq(tasks.renewalId, renewal.id),
        eq(tasks.state, 'open'),
        inArray(tasks.kind, [...escalationTasks]),
        inArray(tasks.stage, [...ahead]),
        sql`not (${isTaken})`,
      ),
    )
    .returning({ kind: tasks.kind });
  if (dropped.some(({ kind }) => kind === 'call-centre-case')) await leaveCallCentre(tx, renewal);
}

/** A case that has no owner, or a task of the call centre still, stays with it. */
async function leaveCallCentre(tx: Db, { id }: RenewalRow): Promise<void> {
  const left = await tx
    .update(renewals)
    .set({ callCentreSince: null })
    .where(
      and(
        eq(renewals.id, id),
        or(isNotNull(renewals.ownerId), isNotNull(renewals.orphanedAt)),
        sql`not exists (select 1 from ${tasks} where ${tasks.renewalId} = ${id} and ${tasks.kind} = 'call-centre-case'
          and ${tasks.state} = 'open')`,
      ),
    )
    .returning({ id: renewals.id });
  if (left.length === 0) return;
  const event = 'withdrawn-from-call-centre';
  await journalise(tx, [{ chain: id, actor: 'system', event, reason: 'stage-has-yet-to-end' }]);
}

/** The call centre has a case again that its stages had brought it before. */
export async function returnToCallCentre(tx: Db, { renewal, clock }: Pick<CaseSituation, 'renewal' | 'clock'>) {
  if (renewal.callCentreSince !== null) return;
  await tx
    .update(renewals)
    .set({ callCentreSince: new Date(clock.now) })
    .where(eq(renewals.id, renewal.id));
  const event = 'returned-to-call-centre';
  await journalise(tx, [{ chain: renewal.id, actor: 'system', event, reason: 'stage-has-ended-again' }]);
}
