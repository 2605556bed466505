import { eq } from 'drizzle-orm';
import { wallInstant } from '../src/db/business-clock.ts';
import { heldUntil, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { applyResult } from '../src/db/results/apply-result.ts';
import { readResult } from '../src/db/results/struck-results.ts';
import { renewals } from '../src/db/schema/renewals.ts';
import { refreshNextAction } from '../src/db/cases/next-action-records.ts';
import { assignTasks } from '../src/db/tasks/task-records.ts';
import type { Assigned, SecondRoundQuestion } from '../src/renewal/case-answers.ts';
import { dueAfterDays } from '../src/renewal/due-time.ts';

/**
 * The supervisor tries once more before a loss is final: a task with a deadline, never past T + grace (Contact results). The
 * result that led to it takes effect in the same step, so that nobody asks a later run of the case about it again.
 */
export async function assignSecondRound(
  tx: Db,
  situation: CaseSituation,
  question: SecondRoundQuestion,
): Promise<Assigned> {
  const { renewal, clock, plan, stagePlan } = situation;
  const running = renewal.secondRoundDueAt?.getTime();
  if (running !== undefined) return { kind: 'assigned', dueAt: wallInstant(clock, running) };
  const cause = question.resultId === undefined ? undefined : await readResult(tx, question.resultId);
  if (cause) await applyResult(tx, cause, situation.calendar);
  const from = heldUntil(situation) ?? clock.now;
  const due = dueAfterDays({ from, days: stagePlan.secondRoundDays, latest: plan.closesAt });
  const { dueAt } = due;
  await assignTasks(tx, situation, [{ kind: 'second-round', occasion: question.resultId ?? 'rebuilt', ...due }]);
  const opened = { secondRoundDueAt: new Date(dueAt), secondRoundReason: question.reason };
  await tx.update(renewals).set(opened).where(eq(renewals.id, renewal.id));
  await refreshNextAction(tx, { ...situation, renewal: { ...renewal, ...opened } });
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: 'system',
      event: 'second-round-opened',
      reason: question.reason,
      inputs: { resultId: question.resultId ?? null, dueAt: new Date(dueAt).toISOString() },
    },
  ]);
  return { kind: 'assigned', dueAt: wallInstant(clock, dueAt) };
}
