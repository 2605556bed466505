import { dueTime } from '../../renewal/due-time.ts';
import { isFileComplete } from '../../renewal/task-answers.ts';
import type { TaskKind } from '../../renewal/task.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { handOutEntry, type TaskRow } from './task-completion.ts';
import { assignTasks } from './task-records.ts';

type Said = { fileComplete?: boolean; missing?: readonly string[]; visit?: 'failed' };

/** Kinds whose completion brings something by itself; a result or a quote has its own way. */
export function hasFollowUp(kind: string): boolean {
  return kind === 'file-check' || kind === 'key-client-visit';
}

/**
 * What a completed task brings: a complete file hands the entry out, one that misses something is checked again, and a
 * first visit that failed brings the second one with its changed plan (business.md, The stage plan).
 */
export async function followUpTask(
  tx: Db,
  situation: CaseSituation,
  done: { task: TaskRow; said: Said; by: string },
): Promise<void> {
  const { task, said, by } = done;
  if (task.kind === 'file-check' && isFileComplete(said)) await handOutEntry(tx, task, by);
  else if (task.kind === 'file-check') await giveNext(tx, situation, { kind: 'file-check', after: task });
  else if (said.visit === 'failed') await giveNext(tx, situation, { kind: 'second-visit', after: task });
}

async function giveNext(
  tx: Db,
  situation: CaseSituation,
  { kind, after }: { kind: TaskKind; after: TaskRow },
): Promise<void> {
  const { renewal, plan, clock, calendar } = situation;
  if (renewal.outcome !== null) return;
  const latest = renewal.stageEndsAt?.getTime() ?? plan.closesAt;
  const dueAt = dueTime(kind, { from: clock.now, latest }, calendar);
  await assignTasks(tx, situation, [{ kind, occasion: after.id, dueAt }]);
}
