import type { Instant } from '../../renewal/calendar.ts';
import type { CountedTime } from '../../renewal/due-time.ts';
import type { TaskKind } from '../../renewal/task.ts';
import type { CaseSituation } from './case-situation.ts';

/** What giving work to the people of a case needs to know of it. */
export type CaseWork = Pick<CaseSituation, 'renewal' | 'policy' | 'clock' | 'calendar' | 'planVersion'>;

/**
 * `occasion` tells two tasks of one kind in one case apart, e.g. the stage or the result that asks for it. No worklist
 * shows a task before it starts.
 */
export type TaskToAssign = {
  kind: TaskKind;
  occasion: string;
  startsAt?: Instant;
  dueAt: Instant;
  workdays?: number;
  /** Missing for one that somebody has: it keeps the deadline that it got, and is not given again. */
  counted?: CountedTime | undefined;
};
