import type { Calendar, Instant } from '../renewal/calendar.ts';
import { dueAfterWorkdays } from '../renewal/due-time.ts';

/** How long beyond its time to be read an answer holds reminders: nobody who never reads silences a case for ever. */
const graceWorkdays = 1;

/**
 * Until when (business ms) answers that nobody has read hold reminders to their customer: one working day from when the
 * task to read the last of them is due (`dueAts`). Null when there is none, or that time is over. The number is ours.
 */
export function replyUnreadUntil(
  dueAts: readonly Instant[],
  { now, calendar }: { now: Instant; calendar: Calendar },
): Instant | null {
  const ends = dueAts.map((from) => {
    const grace = { from, workdays: graceWorkdays, at: 'same-minute', latest: Infinity } as const;
    return dueAfterWorkdays(grace, calendar).dueAt;
  });
  const until = Math.max(...ends);
  return until > now ? until : null;
}
