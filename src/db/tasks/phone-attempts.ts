import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { isAttempt, type ContactResult } from '../../renewal/contact-result.ts';
import { nextPhoneAttempt } from '../../renewal/phone-attempt.ts';
import { isLeftAlone, readSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import type { ResultRow } from '../results/result-records.ts';
import { tasks } from '../schema/tasks.ts';
import { assignTasks } from './task-records.ts';

/**
 * An unanswered call is the attempt that was open, and brings the next one (business.md, The stage plan, "three recorded
 * attempts"). A call before the first attempt starts is none of the three.
 */
export async function followPhoneAttempt(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  if (!isAttempt(row.result as ContactResult)) return;
  const attempt = await completeOpenAttempt(tx, row);
  if (attempt === undefined) return;
  const situation = await readSituation(tx, row.renewalId, calendar);
  const { renewal, stagePlan } = situation;
  if (renewal.outcome !== null || renewal.stageEndsAt === null || isLeftAlone(situation)) return;
  const made = {
    attempt,
    minimumAttempts: stagePlan.minimumAttempts,
    at: row.recordedAt.getTime(),
    stageEndsAt: renewal.stageEndsAt.getTime(),
  };
  const next = nextPhoneAttempt(made, calendar);
  if (!next || (await isGiven(tx, row, attempt + 1))) return;
  await assignTasks(tx, situation, [{ kind: 'phone-attempt', ...next }]);
  const inputs = { attempt: attempt + 1, startsAt: new Date(next.startsAt).toISOString(), resultId: row.id };
  const event = 'phone-attempt-planned';
  await journalise(tx, [{ chain: row.renewalId, actor: 'system', event, reason: row.result, inputs }]);
}

/** Which of the attempts the result was, the first of those that wait; undefined when none was open. */
async function completeOpenAttempt(tx: Db, row: ResultRow): Promise<number | undefined> {
  const [first] = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(
      and(attemptsOf(row), eq(tasks.state, 'open'), or(isNull(tasks.startsAt), lte(tasks.startsAt, row.recordedAt))),
    )
    .orderBy(sql`${tasks.startsAt} nulls first`, tasks.key)
    .limit(1);
  if (!first) return undefined;
  const [done] = await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: row.recordedBy,
      completion: { resultId: row.id },
    })
    .where(eq(tasks.id, first.id))
    .returning({ key: tasks.key });
  return done && numberOf(done);
}

/** The attempt that a mistaken call brought is not made before the one that the mistake had completed. */
export async function dropFollowingAttempt(tx: Db, struck: ResultRow): Promise<void> {
  if (!isAttempt(struck.result as ContactResult)) return;
  const made = and(eq(tasks.state, 'completed'), sql`${tasks.completion} ->> 'resultId' = ${struck.id}`);
  const [attempt] = await tx
    .select({ key: tasks.key })
    .from(tasks)
    .where(and(attemptsOf(struck), made));
  if (!attempt) return;
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(eq(tasks.key, keyOf(struck, numberOf(attempt) + 1)), eq(tasks.state, 'open')));
}

function attemptsOf({ renewalId }: ResultRow) {
  return and(eq(tasks.renewalId, renewalId), eq(tasks.kind, 'phone-attempt'));
}

function keyOf({ renewalId }: ResultRow, attempt: number): string {
  return `${renewalId}/phone-attempt/${attempt}`;
}

function numberOf({ key }: { key: string }): number {
  return Number(key.split('/').at(-1));
}

/** After a correction the attempt that comes next may have been made, or wait, already. */
async function isGiven(tx: Db, row: ResultRow, attempt: number): Promise<boolean> {
  const known = and(eq(tasks.key, keyOf(row, attempt)), inArray(tasks.state, ['open', 'completed']));
  return (await tx.$count(tasks, known)) > 0;
}
