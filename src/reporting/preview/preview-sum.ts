import { and, isNull, type SQL } from 'drizzle-orm';
import { readClock } from '../../db/business-clock.ts';
import { toleranceOf } from '../../db/cases/case-situation.ts';
import { presentOf } from '../../db/cases/running-case.ts';
import type { Db } from '../../db/connection.ts';
import { renewals } from '../../db/schema/renewals.ts';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { renewalsVisibleTo } from '../scope/renewals.ts';
import { staffVisibleTo } from '../scope/staff.ts';
import type { Viewer } from '../scope/viewer.ts';
import { aroundNow, previewCases } from './preview-cases.ts';
import { countCost, type PreviewCost } from './preview-cost.ts';
import { countLoads, type PersonLoad } from './preview-load.ts';
import { tallyPreview, type PreviewTally } from './preview-tally.ts';
import { warnOf, type PreviewWarning } from './preview-warnings.ts';

/** What a plan does to the whole book, as of one business instant (ms) and one state of the books. */
export type PreviewSum = {
  at: Instant;
  /** All open cases, or those that the viewer may see; those that the plan does not concern are not looked at further. */
  open: number;
  tally: PreviewTally;
  loads: PersonLoad[];
  cost: PreviewCost;
  warnings: PreviewWarning[];
};

type SumAsked = {
  version: number;
  calendar: Calendar;
  nudgesPerSecond: number;
  /** Counts the open cases and names the people that they may see; all when missing. */
  viewer?: Viewer;
};

/** Adds up what publishing a plan now would do (architecture.md, Tuning timers of cases in flight). Changes nothing. */
export function sumUpPreview(db: Db, { version, nudgesPerSecond, viewer, ...asked }: SumAsked): Promise<PreviewSum> {
  return readingRepeatably(db, async (tx) => {
    const clock = await readClock(tx);
    const calendar = aroundNow(asked.calendar, clock.now);
    const present = presentOf({ clock, tolerance: toleranceOf(clock), calendar });
    const [tally, cost] = [tallyPreview(present), countCost(nudgesPerSecond)];
    const loads = await countLoads(tx, { calendar, now: clock.now, seen: viewer && staffVisibleTo(viewer) });
    for await (const page of previewCases(tx, { version, calendar, clock })) {
      for (const one of page) for (const count of [tally, cost, loads]) count.add(one);
    }
    const said = { tally: tally.answer(), cost: cost.answer(), loads: await loads.answer() };
    return {
      at: clock.now,
      open: await countOpen(tx, viewer && renewalsVisibleTo(viewer)),
      ...said,
      warnings: warnOf(said),
    };
  });
}

/** Runs reads that see one state of the books, whatever is written meanwhile. */
function readingRepeatably<Answer>(db: Db, read: (tx: Db) => Promise<Answer>): Promise<Answer> {
  return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

function countOpen(db: Db, seen: SQL | undefined): Promise<number> {
  return db.$count(renewals, and(isNull(renewals.outcome), seen));
}
