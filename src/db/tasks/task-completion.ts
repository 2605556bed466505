import { and, eq, inArray, or, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

export type TaskRow = typeof tasks.$inferSelect;

const takenAwayByResult = and(
  eq(tasks.state, 'dropped'),
  sql`(${tasks.droppedReason} like 'case-closed:%' or ${tasks.droppedReason} = 'refused-contact')`,
);

/** Whether a task fell away by a result of its case that has been applied under this id. */
export async function fellToResult(db: Db, task: TaskRow, resultId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .innerJoin(contactResults, eq(contactResults.renewalId, tasks.renewalId))
    .where(
      and(
        eq(tasks.id, task.id),
        takenAwayByResult,
        eq(contactResults.id, resultId),
        inArray(contactResults.state, ['received', 'applied']),
      ),
    );
  return row !== undefined;
}

export async function readTask(db: Db, id: string): Promise<TaskRow | undefined> {
  const [row] = await db.select().from(tasks).where(eq(tasks.id, id));
  return row;
}

/**
 * Completes an open task and answers it as it is now; one that another request completed first stays as it was. A result
 * that closes the case or refuses contact takes the task away that it answers: that one is completed all the same.
 */
export async function completeTask(
  tx: Db,
  id: string,
  done: { by: string; completion: unknown; byResult: boolean },
): Promise<TaskRow> {
  const [completed] = await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: done.by,
      completion: done.completion,
      droppedReason: null,
    })
    .where(and(eq(tasks.id, id), or(eq(tasks.state, 'open'), done.byResult ? takenAwayByResult : undefined)))
    .returning();
  if (!completed) return onlyRow(await tx.select().from(tasks).where(eq(tasks.id, id)));
  if (completed.renewalId) {
    const inputs = { taskId: id, kind: completed.kind };
    await journalise(tx, [
      {
        chain: completed.renewalId,
        actor: done.by,
        event: `task-completed:${completed.kind}`,
        reason: 'recorded',
        inputs,
      },
    ]);
  }
  return completed;
}

/** The file is checked: the entry is handed out to the agent (business.md, The stage plan). */
export async function handOutEntry(tx: Db, task: TaskRow, by: string): Promise<void> {
  if (!task.renewalId) return;
  const handedOut = await tx
    .update(renewals)
    .set({ handedOutAt: sql`business_now()` })
    .where(and(eq(renewals.id, task.renewalId), sql`${renewals.handedOutAt} is null`))
    .returning({ id: renewals.id });
  if (handedOut.length === 0) return;
  await journalise(tx, [
    { chain: task.renewalId, actor: by, event: 'handed-out', reason: 'file-checked', inputs: { taskId: task.id } },
  ]);
}
