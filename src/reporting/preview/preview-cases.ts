import type { SQL } from 'drizzle-orm';
import { readClock, type ClockReading } from '../../db/business-clock.ts';
import { toleranceOf } from '../../db/cases/case-situation.ts';
import { readPlans } from '../../db/cases/plan-records.ts';
import { presentOf } from '../../db/cases/running-case.ts';
import type { Db } from '../../db/connection.ts';
import { readConcernedCases, type ConcernedCase } from '../../db/plans/concerned-cases.ts';
import { readTargets } from '../../db/plans/plan-targets.ts';
import { addDays, type Calendar, type Instant } from '../../renewal/calendar.ts';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import { quickCalendar } from '../../renewal/quick-calendar.ts';
import { followPlan, planning, type Following, type PlansOfCase, type Present } from '../../renewal/follow-plan.ts';

/** One open case that a plan concerns, and what the plan does to it if it is published now. */
export type PreviewedCase = ConcernedCase & { renewalId: string; plans: Required<PlansOfCase>; following: Following };

type PreviewAsked = {
  version: number;
  calendar: Calendar;
  /** As of when; now when missing. */
  clock?: ClockReading;
  /** From the case after this id on. */
  after?: string;
  pageSize?: number;
  /** Which of the cases, as a condition on `renewals`; all when missing. */
  only?: SQL | undefined;
};

const casesOfPage = 2_000;
// Open cases were opened and expire within so many days, but for rare ones.
const daysLaidOut = 150;

/**
 * What a stage plan does to every open case that it concerns (architecture.md, Tuning timers of cases in flight), by the
 * rule with which a roll-out follows it, in the order of ids and a page at a time. All of them are looked at as of one
 * instant; inside a transaction that reads repeatably also as of one state of the books.
 */
export async function* previewCases(db: Db, asked: PreviewAsked): AsyncGenerator<PreviewedCase[]> {
  const { version, only, pageSize: limit = casesOfPage } = asked;
  const clock = asked.clock ?? (await readClock(db));
  const calendar = aroundNow(asked.calendar, clock.now);
  const present = presentOf({ clock, tolerance: toleranceOf(clock), calendar });
  const targets = await readTargets(db, { kind: 'candidate', version });
  const plans = new Map<number, PlansOfCase['target']>();
  const pageAfter = (after: string) => {
    const page = readConcernedCases(db, targets, { after, limit, only });
    // What fails while somebody looks at the page before is thrown when this one is awaited.
    void page.catch(() => {});
    return page;
  };
  let reading = pageAfter(asked.after ?? '');
  try {
    for (;;) {
      const page = await reading;
      const last = page.at(-1);
      if (!last) return;
      await addPlans(db, plans, page);
      // The next page is read while this one is looked at.
      reading = pageAfter(last.one.renewalId);
      yield page.map((concerned) => preview(concerned, plans, present));
    }
  } finally {
    await reading.catch(() => {});
  }
}

/** The calendar with the days around an instant laid out beforehand, for looks at a whole book. */
export function aroundNow(calendar: Calendar, now: Instant): Calendar {
  const today = calendar.dayOf(now);
  return quickCalendar(calendar, addDays(today, -daysLaidOut), addDays(today, daysLaidOut));
}

type Plans = Map<number, PlansOfCase['target']>;

async function addPlans(db: Db, plans: Plans, page: readonly ConcernedCase[]): Promise<void> {
  const asked = new Set(page.flatMap(({ versions }) => [versions.books, versions.armed, versions.target]));
  const unknown = [...asked].filter((version) => !plans.has(version));
  if (unknown.length === 0) return;
  const read = await readPlans(db, unknown);
  for (const version of unknown) plans.set(version, read.get(version) ?? defaultStagePlan);
}

function preview(concerned: ConcernedCase, known: Plans, present: Present): PreviewedCase {
  const { one, versions } = concerned;
  const planOf = (version: number) => known.get(version) ?? defaultStagePlan;
  const plans = {
    books: planOf(versions.books),
    armed: planOf(versions.armed),
    target: planOf(versions.target),
    planned: planning(one, present.calendar),
  };
  return { ...concerned, renewalId: one.renewalId, plans, following: followPlan(one, plans, present) };
}
