import chineseDays from 'chinese-days';
import { dayPlus, instantAt, wallClock } from './local-time.ts';
import type { Seen } from './verdict.ts';

type Counted = { from?: string; workdays?: number; at?: string; days?: number; latest: string | null };

const workEnds = 18 * 60;
const day = 86_400_000;

/** When a task is due by what its journal entry was counted from: China's published working days, or days of 24 hours. */
export function dueAgain({ inputs, calendar: { zone } }: Pick<Seen, 'inputs' | 'calendar'>): number {
  const { from, workdays = 0, at, days, latest } = inputs['counted'] as Counted;
  const limit = latest === null ? Infinity : Date.parse(latest);
  if (from === undefined) return limit;
  if (days !== undefined) return Math.min(Date.parse(from) + days * day, limit);
  const wall = wallClock(Date.parse(from), zone);
  const minute = at === 'end-of-day' ? workEnds : wall.minute;
  return Math.min(instantAt(workdayAfter(wall.day, workdays), minute, zone), limit);
}

function workdayAfter(from: string, workdays: number): string {
  let on = from;
  for (let left = workdays; left > 0;) {
    on = dayPlus(on, 1);
    // oxlint-disable-next-line import/no-named-as-default-member -- node sees no named exports in this minified CommonJS
    if (chineseDays.isWorkday(on)) left -= 1;
  }
  return on;
}

/** The same span with a day more in all that it rests on. */
export function withOneDayMore({ inputs, ...seen }: Seen): Seen {
  const { workdays, days, latest, ...counted } = inputs['counted'] as Counted;
  const more = {
    ...counted,
    ...(workdays === undefined ? {} : { workdays: workdays + 1 }),
    ...(days === undefined ? {} : { days: days + 1 }),
    latest: latest === null ? null : new Date(Date.parse(latest) + day).toISOString(),
  };
  return { ...seen, inputs: { ...inputs, counted: more } };
}
