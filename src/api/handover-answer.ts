import type { readHandover } from '../reporting/handover-list.ts';

export type FoundHandover = NonNullable<Awaited<ReturnType<typeof readHandover>>>;

export function handoverAnswer({ handover, states, items }: FoundHandover) {
  const rows = items.map(({ handoverId: _handoverId, notifiedAt: _notifiedAt, ...item }) => item);
  const done = items.filter(({ notifiedAt }) => notifiedAt !== null).length;
  return { ...handover, byState: states, progress: { total: items.length, done }, items: rows };
}
