import { sql } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import type { DecisionRule } from '../../renewal/decision-rules.ts';
import { explain } from '../../renewal/explanation.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { JournalEntry } from '../journal/journal-records.ts';
import { tasks } from '../schema/tasks.ts';

/** What an update of tasks answers for the entries about it; the stage plan is that of the task's case. */
export const movedColumns = {
  id: tasks.id,
  kind: tasks.kind,
  role: tasks.role,
  renewalId: tasks.renewalId,
  from: sql<string | null>`old.assignee_id`,
  to: tasks.assigneeId,
  startsAt: tasks.startsAt,
  dueAt: tasks.dueAt,
  negotiatorId: sql<string | null>`(select f.negotiator_id from fleets f where f.id = tasks.fleet_id)`,
  planVersion: sql<number | null>`(select r.plan_version from renewals r where r.id = tasks.renewal_id)`,
};

export const givenBackColumns = { ...movedColumns, was: sql<string>`old.state` };

type MovedRow = Pick<typeof tasks.$inferSelect, 'id' | 'kind' | 'role' | 'renewalId' | 'startsAt' | 'dueAt'> & {
  from: string | null;
  to: string | null;
  negotiatorId: string | null;
  planVersion: number | null;
};

/** A task that went from one to another by a rule, and what this rests on. */
export type MovedTask = MovedRow & { rule: DecisionRule; facts: Record<string, unknown> };

export function movedBy(rule: DecisionRule, rows: readonly MovedRow[], facts: Record<string, unknown>): MovedTask[] {
  return rows.map((row) => ({ ...row, rule, facts }));
}

/** Who has which work from now on, in the journals of the cases; a task that stays where it was is no decision. */
export function movedEntries(
  moved: readonly MovedTask[],
  { calendar, now }: { calendar: Calendar; now: Instant },
): JournalEntry[] {
  const elsewhere = moved.filter(({ from, to }) => from !== to);
  return elsewhere.map((task) => entryOf(task, { event: 'task-moved', step: 'moving', calendar, now }));
}

/** What is to be done again after a mistake, whoever had it; `was` is the state that the mistake had left it in. */
export function givenBackEntries(
  rows: readonly (MovedRow & { was: string })[],
  facts: Record<string, unknown>,
  { calendar, clock }: Pick<CaseSituation, 'calendar' | 'clock'>,
): JournalEntry[] {
  const told = { event: 'task-given-back', step: 'giving-back', calendar, now: clock.now };
  return movedBy('result-corrected', rows, facts).map((task) => entryOf(task, told));
}

type Told = { event: string; step: string; calendar: Calendar; now: Instant };

function entryOf(
  { id, renewalId, planVersion, rule, facts, ...task }: MovedTask,
  { event, step, calendar, now }: Told,
): JournalEntry {
  const { kind, from, to } = task;
  const why = explain(rule, { step, ...task, ...facts }, { planVersion, calendar, now });
  const chain = renewalId ?? `task.${id}`;
  return { chain, actor: 'system', event: `${event}:${kind}`, reason: rule, inputs: { taskId: id, from, to, ...why } };
}
