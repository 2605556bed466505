import {
  completeTask as completeRow,
  fellToResult,
  handOutEntry,
  readTask,
  type TaskRow,
} from '../db/task-completion.ts';
import type { Db } from '../db/connection.ts';
import { quoteForTask } from '../db/quote-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import type { ContactResult, SecondRoundOutcome } from '../renewal/contact-result.ts';
import type { CaseDeps } from './connect.ts';
import { decideSecondRound, recordResult, type RecordedResult, type ResultAnswer } from './record-result.ts';

type ResultFields = Omit<RecordedResult, 'id' | 'renewalId' | 'recordedBy' | 'result'>;

/** What a person says when a task is done: a note, and for tasks that ask for one the result. */
export type Completion = ResultFields & { result?: ContactResult; outcome?: SecondRoundOutcome; premium?: string };

export type TaskAnswer =
  | { kind: 'completed'; task: TaskRow }
  | { kind: 'dropped'; reason: string }
  | { kind: 'unknown' }
  | { kind: 'result-missing'; detail: string }
  | Exclude<ResultAnswer, { kind: 'applied' }>;

/** Completes a task; a task completed twice gives the same answer. A result goes to the case the same way as any other. */
export async function completeTask(
  deps: CaseDeps,
  done: { taskId: string; completion: Completion; completedBy: string; id: string },
): Promise<TaskAnswer> {
  const task = await readTask(deps.db, done.taskId);
  if (!task) return { kind: 'unknown' };
  if (task.state === 'completed') return { kind: 'completed', task };
  if (task.state === 'dropped' && !(await fellToResult(deps.db, task, done.id))) return dropped(task);
  const answer = await recordWhatItSays(deps, task, done);
  if (answer.kind !== 'applied') return answer;
  const completed = await deps.db.transaction(async (tx) => {
    if (task.kind === 'file-check') await handOutEntry(tx, task, done.completedBy);
    const byResult = saysResult(task, done.completion);
    const completion = { ...done.completion, ...(await quoteOf(tx, task, { ...done, calendar: deps.calendar })) };
    return completeRow(tx, task.id, { by: done.completedBy, completion, byResult });
  });
  return completed.state === 'dropped' ? dropped(completed) : { kind: 'completed', task: completed };
}

/** A premium that completes a task becomes the case's next quote; the task says what kind it turned out to be. */
async function quoteOf(
  tx: Db,
  task: TaskRow,
  done: { completion: Completion; completedBy: string; id: string; calendar: Calendar },
): Promise<{ quote?: { id: string; version: number; kind: string } }> {
  const { premium, note } = done.completion;
  if (premium === undefined || !task.renewalId) return {};
  const asked = { id: done.id, renewalId: task.renewalId, premium, note, quotedBy: done.completedBy };
  const stored = await quoteForTask(tx, { task, quote: asked }, done.calendar);
  return stored ? { quote: { id: stored.id, version: stored.version, kind: stored.kind } } : {};
}

function dropped(task: TaskRow): TaskAnswer {
  return { kind: 'dropped', reason: task.droppedReason ?? 'dropped' };
}

function saysResult(task: TaskRow, { result, outcome }: Completion): boolean {
  return result !== undefined || outcome !== undefined || task.kind === 'accept-entry';
}

async function recordWhatItSays(
  deps: CaseDeps,
  task: TaskRow,
  done: { completion: Completion; completedBy: string; id: string },
): Promise<ResultAnswer | { kind: 'result-missing'; detail: string }> {
  const { result, outcome, premium: _, ...fields } = done.completion;
  if (task.kind === 'hand-over')
    return { kind: 'result-missing', detail: 'A hand-over is completed by deciding on its cases.' };
  if (!task.renewalId) return { kind: 'applied' };
  const recorded = { ...fields, id: done.id, renewalId: task.renewalId, recordedBy: done.completedBy };
  if (task.kind === 'second-round') {
    if (!outcome) return { kind: 'result-missing', detail: 'A second round is completed with its outcome.' };
    return decideSecondRound(deps, { ...recorded, outcome });
  }
  const said = result ?? (task.kind === 'accept-entry' ? 'confirmed' : undefined);
  return said ? recordResult(deps, { ...recorded, result: said }) : { kind: 'applied' };
}
