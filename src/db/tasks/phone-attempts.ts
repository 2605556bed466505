import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { isAttempt, type ContactResult } from '../../renewal/contact-result.ts';
import { nextPhoneAttempt } from '../../renewal/phone-attempt.ts';
import { readSituation } from '../cases/case-situation.ts';
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
  if (renewal.outcome !== null || renewal.stageEndsAt === null) return;
  const made = {
    attempt,
    minimumAttempts: stagePlan.minimumAttempts,
    at: row.recordedAt.getTime(),
    stageEndsAt: renewal.stageEndsAt.getTime(),
  };
  const next = nextPhoneAttempt(made, calendar);
  if (!next) return;
  await assignTasks(tx, situation, [{ kind: 'phone-attempt', ...next }]);
  const inputs = { attempt: attempt + 1, startsAt: new Date(next.startsAt).toISOString(), resultId: row.id };
  const event = 'phone-attempt-planned';
  await journalise(tx, [{ chain: row.renewalId, actor: 'system', event, reason: row.result, inputs }]);
}

/** Which of the attempts the result was; undefined when none was open. */
async function completeOpenAttempt(tx: Db, row: ResultRow): Promise<number | undefined> {
  const [done] = await tx
    .update(tasks)
    .set({
      state: 'completed',
      completedAt: sql`business_now()`,
      completedBy: row.recordedBy,
      completion: { resultId: row.id },
    })
    .where(
      and(
        eq(tasks.renewalId, row.renewalId),
        eq(tasks.kind, 'phone-attempt'),
        eq(tasks.state, 'open'),
        or(isNull(tasks.startsAt), lte(tasks.startsAt, row.recordedAt)),
      ),
    )
    .returning({ key: tasks.key });
  return done && Number(done.key.split('/').at(-1));
}
