import type { tasks } from '../db/schema/tasks.ts';

/** A task as it is answered; its key is ours alone. */
export function taskAnswer({ key: _key, ...fields }: typeof tasks.$inferSelect) {
  return fields;
}
