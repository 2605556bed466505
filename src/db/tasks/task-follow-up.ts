import { isContactKind } from '../../renewal/assignment.ts';
import { countDue } from '../../renewal/due-time.ts';
import {
  isFileComplete,
  type CoachingAction,
  type RefusalFinding,
  type ReplyFinding,
} from '../../renewal/task-answers.ts';
import type { TaskKind } from '../../renewal/task.ts';
import { isLeftAlone, type CaseSituation } from '../cases/case-situation.ts';
import { giveToOwner } from '../cases/single-owner.ts';
import { enterSmsOptOut } from '../customers/heard-opt-outs.ts';
import { senderOf } from '../customers/inbound-records.ts';
import { isContactCheck } from '../customers/contact-check.ts';
import type { Db } from '../connection.ts';
import { liftMisread } from '../results/lift-refusal.ts';
import { handOutEntry, type TaskRow } from './task-completion.ts';
import { assignTasks } from './task-records.ts';

type Said = {
  fileComplete?: boolean;
  missing?: readonly string[];
  visit?: 'failed';
  action?: CoachingAction;
  finding?: ReplyFinding | RefusalFinding;
};

/** Kinds whose completion brings something by itself; a result or a quote has its own way. */
export function hasFollowUp(kind: string): boolean {
  const kinds = ['file-check', 'key-client-visit', 'coaching', 'read-reply', 'do-not-contact-review'];
  return kinds.includes(kind);
}

/** Whether a supervisor found that a customer refused nothing. */
export function isNotMeant({ kind }: Pick<TaskRow, 'kind'>, said: Said): boolean {
  return kind === 'do-not-contact-review' && said.finding === 'not-meant';
}

/** What a task of an occasion is about: its key ends with it, for an answer by SMS with the id of the message. */
export function occasionOf({ key }: Pick<TaskRow, 'key'>): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** Whether a supervisor who coached goes on with the customer in the agent's place; `said` is the task's completion. */
export function isTakenOver({ kind }: Pick<TaskRow, 'kind'>, said: Said): boolean {
  return kind === 'coaching' && said.action === 'took-it-over';
}

/**
 * What a completed task brings: a complete file hands the entry out, one that misses something is checked again, a first
 * visit that failed brings the second one with its changed plan (business.md, The stage plan), and a supervisor who took
 * a customer over owns the case. Throws `owner-undecided` for a case that waits in a hand-over.
 */
export async function followUpTask(
  tx: Db,
  situation: CaseSituation,
  done: { task: TaskRow; said: Said; by: string },
): Promise<void> {
  const { task, said, by } = done;
  if (task.kind === 'read-reply') await enterReadOptOut(tx, situation, { task, said, by });
  else if (isNotMeant(task, said)) await liftMisread(tx, situation, { inboundId: occasionOf(task), by });
  else if (isTakenOver(task, said)) await takeOver(tx, situation, { task, by });
  else if (task.kind === 'file-check') await followFileCheck(tx, situation, { task, said, by });
  else if (said.visit === 'failed') await giveNext(tx, situation, { kind: 'second-visit', occasion: task.id });
}

/** Contact details that were mended leave the entry to the stage plan's own check. */
async function followFileCheck(
  tx: Db,
  situation: CaseSituation,
  { task, said, by }: { task: TaskRow; said: Said; by: string },
): Promise<void> {
  const mends = isContactCheck(task);
  const occasion = mends ? `mend.${task.id}` : task.id;
  if (!isFileComplete(said)) await giveNext(tx, situation, { kind: 'file-check', occasion });
  else if (!mends) await handOutEntry(tx, task, by);
}

/** Somebody understood an answer that the reader was not sure of. */
async function enterReadOptOut(
  tx: Db,
  { renewal, policy, clock, calendar }: CaseSituation,
  { task, said, by }: { task: TaskRow; said: Said; by: string },
): Promise<void> {
  if (said.finding !== 'opted-out') return;
  const phone = await senderOf(tx, occasionOf(task));
  const heard = { renewalId: renewal.id, source: 'sms', evidence: task.id, recordedBy: by } as const;
  await enterSmsOptOut(tx, { ...heard, customerId: policy.customerId, phone, at: new Date(clock.now) }, calendar);
}

async function takeOver(tx: Db, { renewal, calendar }: CaseSituation, { task, by }: { task: TaskRow; by: string }) {
  if (renewal.ownerId === by) return;
  await giveToOwner(tx, { id: task.id, renewalId: renewal.id, ownerId: by, by }, calendar);
}

async function giveNext(
  tx: Db,
  situation: CaseSituation,
  { kind, occasion }: { kind: TaskKind; occasion: string },
): Promise<void> {
  const { renewal, plan, clock, calendar } = situation;
  if (renewal.outcome !== null || (isContactKind(kind) && isLeftAlone(situation))) return;
  const latest = renewal.stageEndsAt?.getTime() ?? plan.closesAt;
  const due = countDue(kind, { from: clock.now, latest }, calendar);
  await assignTasks(tx, situation, [{ kind, occasion, ...due }]);
}
