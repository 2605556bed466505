import { sql } from 'drizzle-orm';
import { readClock } from '../../db/business-clock.ts';
import { toleranceOf } from '../../db/cases/case-situation.ts';
import { presentOf } from '../../db/cases/running-case.ts';
import type { Db } from '../../db/connection.ts';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { aroundNow, previewCases } from './preview-cases.ts';
import { countCost, type PreviewCost } from './preview-cost.ts';
import { countLoads, type PersonLoad } from './preview-load.ts';
import { tallyPreview, type PreviewTally } from './preview-tally.ts';
import { warnOf, type PreviewWarning } from './preview-warnings.ts';

/** What a plan does to the whole book, as of one business instant (ms) and one state of the books. */
export type PreviewSum = {
  at: Instant;
  /** All open cases; those that the plan does not concern are not looked at further. */
  open: number;
  tally: PreviewTally;
  loads: PersonLoad[];
  cost: PreviewCost;
  warnings: PreviewWarning[];
};

type SumAsked = { version: number; calendar: Calendar; nudgesPerSecond: number };

/** Adds up what publishing a plan now would do (architecture.md, Tuning timers of cases in flight). Changes nothing. */
export function sumUpPreview(db: Db, { version, nudgesPerSecond, ...asked }: SumAsked): Promise<PreviewSum> {
  return readingRepeatably(db, async (tx) => {
    const clock = await readClock(tx);
    const calendar = aroundNow(asked.calendar, clock.now);
    const present = presentOf({ clock, tolerance: toleranceOf(clock), calendar });
    const [tally, cost] = [tallyPreview(present), countCost(nudgesPerSecond)];
    const loads = await countLoads(tx, { calendar, now: clock.now });
    for await (const page of previewCases(tx, { version, calendar, clock })) {
      for (const one of page) for (const count of [tally, cost, loads]) count.add(one);
    }
    const said = { tally: tally.answer(), cost: cost.answer(), loads: await loads.answer() };
    return { at: clock.now, open: await countOpen(tx), ...said, warnings: warnOf(said) };
  });
}

/** Runs reads that see one state of the books, whatever is written meanwhile. */
function readingRepeatably<Answer>(db: Db, read: (tx: Db) => Promise<Answer>): Promise<Answer> {
  return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

async function countOpen(db: Db): Promise<number> {
  const { rows } = await db.execute<{ open: number }>(
    sql`select count(*)::int as open from renewals where outcome is null`,
  );
  return rows[0]?.open ?? 0;
}
