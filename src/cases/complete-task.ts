import { lockCase, lockCasesOfResult } from '../db/cases/case-locks.ts';
import { readSituation } from '../db/cases/case-situation.ts';
import { completeTask as completeRow, fellToResult, readTask, type TaskRow } from '../db/tasks/task-completion.ts';
import { followUpTask, hasFollowUp, isNotMeant, isTakenOver, occasionOf } from '../db/tasks/task-follow-up.ts';
import { isInbound } from '../db/customers/inbound-records.ts';
import type { Db } from '../db/connection.ts';
import { quoteForTask, type QuoteTooLow } from '../db/concessions/quote-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import type { ContactResult, SecondRoundOutcome } from '../renewal/contact-result.ts';
import {
  decidedElsewhere,
  type CoachingAction,
  type RefusalFinding,
  type ReplyFinding,
} from '../renewal/task-answers.ts';
import type { TaskKind } from '../renewal/task.ts';
import type { CaseDeps } from './connect.ts';
import { notifyCase } from './notify-case.ts';
import { decideSecondRound, recordResult, type RecordedResult, type ResultAnswer } from './record-result.ts';

type ResultFields = Omit<RecordedResult, 'id' | 'renewalId' | 'recordedBy' | 'result'>;

/** What a person says when a task is done: what its kind asks for, and for tasks that ask for one the result. */
export type Completion = ResultFields & {
  result?: ContactResult;
  outcome?: SecondRoundOutcome;
  premium?: string;
  fileComplete?: boolean;
  missing?: string[];
  visit?: 'failed';
  action?: CoachingAction;
  finding?: ReplyFinding | RefusalFinding;
};

type Done = { taskId: string; completion: Completion; completedBy: string; id: string };

export type TaskAnswer =
  | { kind: 'completed'; task: TaskRow }
  | { kind: 'dropped'; reason: string }
  | { kind: 'unknown' }
  | { kind: 'decided-elsewhere'; detail: string }
  | QuoteTooLow
  | Exclude<ResultAnswer, { kind: 'applied' }>;

/** Completes a task; a task completed twice gives the same answer. A result goes to the case the same way as any other. */
export async function completeTask(deps: CaseDeps, done: Done): Promise<TaskAnswer> {
  const task = await readTask(deps.db, done.taskId);
  if (!task) return { kind: 'unknown' };
  const detail = decidedElsewhere(task.kind as TaskKind) ?? (await correctedElsewhere(deps.db, task, done));
  if (detail !== undefined) return { kind: 'decided-elsewhere', detail };
  if (task.state === 'completed') return completed(deps, task);
  if (task.state === 'dropped' && !(await fellToResult(deps.db, task, done.id))) return dropped(task);
  const answer = await recordWhatItSays(deps, task, done);
  if (answer.kind !== 'applied') return answer;
  const written = await deps.db.transaction((tx) =>
    hasFollowUp(task.kind)
      ? completeWithFollowUp(tx, task, { ...done, calendar: deps.calendar })
      : complete(tx, task, { ...done, calendar: deps.calendar }),
  );
  if (written.kind === 'quote-too-low') return written;
  return written.task.state === 'dropped' ? dropped(written.task) : completed(deps, written.task);
}

/** What somebody recorded was not misread: it is taken back where it was recorded. */
async function correctedElsewhere(db: Db, task: TaskRow, { completion }: Done): Promise<string | undefined> {
  if (!isNotMeant(task, completion) || (await isInbound(db, occasionOf(task)))) return undefined;
  return 'A refusal that somebody recorded is taken back by correcting that result.';
}

/** The case hears of its new owner, also from a repetition whose first attempt could not tell it. */
async function completed(deps: CaseDeps, task: TaskRow): Promise<TaskAnswer> {
  if (task.renewalId && task.completedBy && isTakenOver(task, task.completion as Completion)) {
    const notice = { key: `owner.${task.id}`, kind: 'owner-assigned', ownerId: task.completedBy } as const;
    await notifyCase(deps, task.renewalId, notice);
  }
  return { kind: 'completed', task };
}

type Completed = { kind: 'done'; task: TaskRow } | QuoteTooLow;

async function complete(tx: Db, task: TaskRow, done: Done & { calendar: Calendar }): Promise<Completed> {
  await lockCase(tx, task.renewalId);
  const byResult = saysResult(task, done.completion);
  const quoted = await quoteOf(tx, task, done);
  if (quoted.kind === 'quote-too-low') return quoted;
  const completion = { ...done.completion, ...(quoted.quote ? { quote: quoted.quote } : {}) };
  return { kind: 'done', task: await completeRow(tx, task.id, { by: done.completedBy, completion, byResult }) };
}

/** The case is locked before its task, as everywhere; of two who complete at once only one brings what follows. */
async function completeWithFollowUp(tx: Db, task: TaskRow, done: Done & { calendar: Calendar }): Promise<Completed> {
  if (!task.renewalId) return complete(tx, task, done);
  if (isNotMeant(task, done.completion)) {
    // It is about all cases of the customer, as the refusal was.
    await lockCasesOfResult(tx, { renewalId: task.renewalId, results: ['refused-contact'] });
  }
  const situation = await readSituation(tx, task.renewalId, done.calendar);
  const before = await readTask(tx, task.id);
  const written = await complete(tx, task, done);
  if (written.kind === 'done' && before?.state !== 'completed' && written.task.state === 'completed') {
    await followUpTask(tx, situation, { task: written.task, said: done.completion, by: done.completedBy });
  }
  return written;
}

/** A premium that completes a task becomes the case's next quote; the task says what kind it turned out to be. */
async function quoteOf(
  tx: Db,
  task: TaskRow,
  done: Done & { calendar: Calendar },
): Promise<{ kind: 'quoted'; quote?: { id: string; version: number; kind: string } } | QuoteTooLow> {
  const { premium, note } = done.completion;
  if (premium === undefined || !task.renewalId) return { kind: 'quoted' };
  const asked = { id: done.id, renewalId: task.renewalId, premium, note, quotedBy: done.completedBy };
  const given = await quoteForTask(tx, { task, quote: asked }, done.calendar);
  if (!given) return { kind: 'quoted' };
  if (given.kind === 'quote-too-low') return given;
  const { id, version, kind } = given.row;
  return { kind: 'quoted', quote: { id, version, kind } };
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
  done: Done,
): Promise<ResultAnswer | { kind: 'decided-elsewhere'; detail: string }> {
  const { result, outcome, premium: _, ...fields } = done.completion;
  if (!task.renewalId) return { kind: 'applied' };
  const recorded = { ...fields, id: done.id, renewalId: task.renewalId, recordedBy: done.completedBy };
  if (task.kind === 'second-round') {
    if (!outcome) return { kind: 'decided-elsewhere', detail: 'A second round is completed with its outcome.' };
    return decideSecondRound(deps, { ...recorded, outcome });
  }
  const said = result ?? (task.kind === 'accept-entry' ? 'confirmed' : undefined);
  return said ? recordResult(deps, { ...recorded, result: said }) : { kind: 'applied' };
}
