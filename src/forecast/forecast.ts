import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { firstInstantOfWeek } from '../messaging/occasions.ts';
import { isSendingStopped } from '../db/messages/message-records.ts';
import { addDays, dayMs, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import type { CaseOfWork, Household } from './forecast-case.ts';
import { giveWork } from './give-work.ts';
import type { Happening, WorkStep } from './happenings.ts';
import { liveHousehold } from './live-household.ts';
import { quickCalendar } from '../renewal/quick-calendar.ts';
import { countCases, readHouseholds, type Reading } from './read-households.ts';
import { branchesUnder, readOtherWork, readPeople, type People } from './read-people.ts';
import { findPlan, readRules, type Candidate } from './rules-in-force.ts';
import { count, openTally, queueOf, type Tally } from './tally.ts';

export type Question = {
  /** The version that is taken as published in its scope; the plans in force when empty. */
  plan?: number;
  days: number;
  /** Counts the cases of this branch and those below it only; all cases live all the same, because people are shared. */
  branchId?: string;
};

export type Forecast = {
  plan: Candidate | undefined;
  branchId: string | undefined;
  /** The first day is what is left of it from this business instant (ms) on. */
  from: Instant;
  cases: { open: number; coming: number };
  sendingStopped: boolean;
  people: People;
  tally: Tally;
};

export type Lived = { lived: number; cases: number };

/** Long enough for the grace of a policy that comes on the last day. */
const daysAhead = 150;

/**
 * What the open cases, and those that intake will open, do by themselves in the next days: messages, tasks and calls by day
 * and person, while nobody records anything from now on (decision record 0024). Reads the database a page at a time and
 * changes nothing. Throws an Error that says so when the plan, the branch or the book is not there.
 */
export async function forecast(
  db: Db,
  question: Question & { calendar: Calendar },
  onProgress: (lived: Lived) => void = () => {},
): Promise<Forecast> {
  const plan = await planAsked(db, question.plan);
  const branches = await branchesAsked(db, question.branchId);
  const reading = await readingOf(db, question);
  const cases = await countCases(db, reading);
  if (cases === 0) throw new Error('The book is empty: no case is open, and no policy comes within the horizon.');
  const tally = openTally(daysFrom(reading.today, question.days));
  const counts = (branchId: string): boolean => branches?.has(branchId) ?? true;
  const lives = { tally, counts, cases, onProgress };
  const { steps, works, open, coming } = await liveAll(db, reading, lives);
  const otherWork = await readOtherWork(db, reading.calendar.zone);
  const before = { cases: works, otherWork, now: reading.now };
  giveWork(inOrder(steps), before, { people: reading.people, tally, calendar: reading.calendar, counts });
  const sendingStopped = await isSendingStopped(db);
  const { now: from, people } = reading;
  return { plan, branchId: question.branchId, from, cases: { open, coming }, sendingStopped, people, tally };
}

async function planAsked(db: Db, version: number | undefined): Promise<Candidate | undefined> {
  if (version === undefined) return undefined;
  const plan = await findPlan(db, version);
  if (!plan) throw new Error(`There is no stage plan ${version}.`);
  return plan;
}

async function branchesAsked(db: Db, branchId: string | undefined): Promise<ReadonlySet<string> | undefined> {
  if (branchId === undefined) return undefined;
  const branches = await branchesUnder(db, branchId);
  if (branches.size === 0) throw new Error(`There is no branch ${branchId}.`);
  return branches;
}

type FullReading = Reading & Awaited<ReturnType<typeof readRules>> & { until: Instant };

async function readingOf(db: Db, { plan, days, calendar }: Question & { calendar: Calendar }): Promise<FullReading> {
  const { now } = await readClock(db);
  const today = calendar.dayOf(now);
  const lastDay = addDays(today, days - 1);
  const quick = quickCalendar(calendar, addDays(today, -daysAhead), addDays(lastDay, daysAhead));
  const until = quick.instantOf(addDays(lastDay, 1), 0) - 1;
  // For whoever lives in another zone the week began up to a day earlier.
  const weekAgo = firstInstantOfWeek({ now, calendar: quick }) - dayMs;
  const [rules, people] = [await readRules(db, plan), await readPeople(db)];
  return { ...rules, now, today, lastDay, until, weekAgo, people, calendar: quick };
}

function daysFrom(first: Day, days: number): Day[] {
  return Array.from({ length: days }, (_, turn) => addDays(first, turn));
}

type Lives = {
  tally: Tally;
  counts: (branchId: string) => boolean;
  cases: number;
  onProgress: (lived: Lived) => void;
};
type Lifetimes = { steps: WorkStep[]; works: CaseOfWork[]; open: number; coming: number };

/** What is kept of a page is its work alone. */
async function liveAll(db: Db, reading: FullReading, lives: Lives): Promise<Lifetimes> {
  const steps: WorkStep[] = [];
  const works: CaseOfWork[] = [];
  const note = noteIn(lives, reading.calendar);
  const world = { ...reading, log: { happened: note, works: (step: WorkStep) => void steps.push(step) } };
  let coming = 0;
  for await (const page of readHouseholds(db, reading)) {
    for (const household of page) {
      for (const { work } of household.cases) works.push(work);
      coming += household.cases.filter(({ isComing }) => isComing).length;
      live(household, reading, world);
    }
    lives.onProgress({ lived: works.length, cases: lives.cases });
  }
  return { steps, works, open: works.length - coming, coming };
}

function live(household: Household, { now, until }: FullReading, world: Parameters<typeof liveHousehold>[2]): void {
  // Work is given later, from where the case and its owner stood in the beginning.
  const stood = household.cases.map(({ work: { stage, ownerId } }) => ({ stage, ownerId }));
  liveHousehold(household, { now, until }, world);
  for (const [turn, { work }] of household.cases.entries()) Object.assign(work, stood[turn]);
}

function noteIn({ tally, counts }: Lives, calendar: Calendar): (happening: Happening) => void {
  return (happening) => {
    const { of: one, at } = happening;
    if (!counts(one.branchId)) return;
    const day = calendar.dayOf(at);
    const ofDay = tally.onDay(day);
    switch (happening.what) {
      case 'sent': {
        const own = tally.of(day, one.ownerId ?? queueOf('agent', one.branchId));
        if (own) own[happening.channel] += 1;
        return;
      }
      case 'not-sent':
        return count(ofDay?.notSent, happening.reason);
      case 'stage-opened':
        return count(ofDay?.stages, happening.stage);
      case 'escalated':
        return count(tally.of(day, one.ownerId ?? queueOf('agent', one.branchId))?.escalated, happening.to);
      case 'case-opened':
        if (ofDay) ofDay.opened += 1;
        return;
      case 'closed':
        return count(ofDay?.closed, happening.outcome);
    }
  };
}

/** Stable, so that the steps of one instant keep the order in which their case took them. */
function inOrder(steps: readonly WorkStep[]): WorkStep[] {
  return steps.toSorted((one, other) => one.at - other.at);
}
