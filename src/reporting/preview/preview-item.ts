import type { Present } from '../../renewal/follow-plan.ts';
import type { MessageChange } from '../../renewal/plan-change.ts';
import { journeyOf, nextOf } from './preview-tally.ts';
import type { PreviewedCase } from './preview-cases.ts';

/** What a plan does to one case, as an answer says it; instants are dates. */
export function itemOf(previewed: PreviewedCase, present: Present) {
  const { renewalId, branchId, ownerId, following } = previewed;
  const { stageBefore, stageAfter, pauses, before, after, nudge, tasks } = following;
  return {
    renewalId,
    branchId,
    ownerId,
    stageBefore: stageBefore ?? null,
    stageAfter: stageAfter ?? null,
    pauses,
    nextBefore: { what: before.what, at: new Date(before.at) },
    nextAfter: { what: after.what, at: new Date(after.at) },
    when: nextOf(previewed, present.now),
    nudge,
    messages: following.messages.map(messageOf),
    journey: journeyOf(previewed, present).map(({ touch, channel, kind: change, from, to }) => ({
      touch,
      channel,
      change,
      from: dateOf(from),
      to: dateOf(to),
    })),
    tasks: tasks.map((task) => ({
      kind: task.kind,
      occasion: task.occasion,
      change: task.change,
      from: dateOf('from' in task ? task.from : null),
      to: dateOf('dueAt' in task ? task.dueAt : null),
    })),
  };
}

export type PreviewItem = ReturnType<typeof itemOf>;

function messageOf(change: MessageChange) {
  const { touch, channel, kind } = change;
  const from = 'from' in change ? change.from : null;
  const to = 'planned' in change ? change.planned.dueAt : null;
  return { touch, channel, change: kind, from: dateOf(from), to: dateOf(to) };
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}
