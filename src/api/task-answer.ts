import type { Instant } from '../renewal/calendar.ts';
import { rankTask } from '../renewal/worklist.ts';
import type { tasks } from '../db/schema/tasks.ts';

/** A task with its place in a worklist at a business instant (ms). */
export function rankedAnswer(task: typeof tasks.$inferSelect, now: Instant) {
  const rank = rankTask({ ...task, dueAt: task.dueAt.getTime() }, now);
  return { ...taskAnswer(task), rank: { ...rank, score: Math.round(rank.score * 1_000) / 1_000 } };
}

/** A task as it is answered; its key is ours alone. */
export function taskAnswer({ key: _key, ...fields }: typeof tasks.$inferSelect) {
  return fields;
}
