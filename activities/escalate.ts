import { and, eq, like, sql } from 'drizzle-orm';
import { decidingIn, isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import { markEscalated } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { journal } from '../src/db/schema/journal.ts';
import { resultsRecordedSince } from '../src/db/results/result-records.ts';
import { fleetWasReached } from '../src/db/tasks/fleet-tasks.ts';
import { openTasksOf, taskKey } from '../src/db/tasks/stage-tasks.ts';
import { assignTasks } from '../src/db/tasks/task-records.ts';
import { stageAfter } from '../src/renewal/case-plan.ts';
import { countsIn } from '../src/renewal/contact-result.ts';
import { countDueOnceGiven, type Due } from '../src/renewal/due-time.ts';
import { escalateOutOf, type EscalationFacts } from '../src/renewal/escalation.ts';
import { explain } from '../src/renewal/explanation.ts';
import { unansweredIn, type Stage } from '../src/renewal/stage-plan.ts';
import type { TaskKind } from '../src/renewal/task.ts';

/** The stage that ends, and whether the case or its books know of a result that counts in it. */
export type EndedStage = { stage: Stage; counted: boolean };

/** Escalates when nothing that counts was recorded in the stage (business.md, The stage plan); answers whether it did. */
export async function escalate(tx: Db, situation: CaseSituation, { stage, counted }: EndedStage): Promise<boolean> {
  const { renewal } = situation;
  const facts: EscalationFacts = {
    unanswered: unansweredIn(situation.stagePlan, stage),
    resultCounted: counted || (await countsInBooks(tx, situation, stage)),
    handedOut: renewal.handedOutAt !== null,
    mayBeCalled: !isLeftAlone(situation),
  };
  const escalation = escalateOutOf(stage, facts);
  if (escalation.kind === 'none') return false;
  await markEscalated(tx, situation, escalation);
  await assignOnce(tx, situation, { kind: escalation.task, occasion: stage });
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: 'system',
      event: `escalated:${escalation.kind}`,
      reason: escalation.reason,
      inputs: { stage, ...explain(escalation.reason, { step: 'stage-end', stage, ...facts }, decidingIn(situation)) },
    },
  ]);
  return true;
}

/** Whether the case escalated out of a stage, as its journal has it. */
export async function wasEscalated(db: Db, renewalId: string, stage: Stage): Promise<boolean> {
  const ofStage = and(like(journal.event, 'escalated:%'), sql`${journal.inputs} ->> 'stage' = ${stage}`);
  return (await db.$count(journal, and(eq(journal.chain, renewalId), ofStage))) > 0;
}

/** Whoever has such a task of the case already, from an earlier stage, gets no second one beside it. */
async function assignOnce(tx: Db, situation: CaseSituation, task: { kind: TaskKind; occasion: Stage }): Promise<void> {
  const { renewal } = situation;
  const open = await openTasksOf(tx, renewal.id);
  if (open.some(({ kind, key }) => kind === task.kind && key !== taskKey(renewal, task))) return;
  await assignTasks(tx, situation, [{ ...task, ...dueAfter(situation, task) }]);
}

/** Counted from the stage's planned end, within the stage after it. */
function dueAfter(
  { plan, calendar, renewal, clock }: CaseSituation,
  { kind, occasion }: { kind: TaskKind; occasion: Stage },
): Due {
  const next = stageAfter(plan, occasion);
  const from = Math.max(next?.opensAt ?? 0, renewal.openedAt.getTime());
  const latest = stageAfter(plan, next?.stage)?.opensAt ?? plan.closesAt;
  return countDueOnceGiven(kind, { from, latest, givenAt: clock.now }, calendar);
}

/**
 * A result that counts may stand in the books while nobody could tell the case of it, in another case of its fleet, or since
 * before a plan by which it counts.
 */
async function countsInBooks(tx: Db, { renewal, stagePlan }: CaseSituation, stage: Stage): Promise<boolean> {
  if (stage === 'preparation' && renewal.confirmedAt !== null && countsIn(stagePlan, stage, 'confirmed')) return true;
  // Each vehicle of a fleet is confirmed by itself; a contact is made once.
  if (stage !== 'preparation' && (await fleetWasReached(tx, renewal))) return true;
  const since = renewal.stageOpenedAt ?? new Date(0);
  const recorded = await resultsRecordedSince(tx, renewal.id, { stage, since });
  return recorded.some((result) => countsIn(stagePlan, stage, result));
}
