import { loadavg } from 'node:os';
import type { Day } from '../renewal/calendar.ts';
import { readBooks, readBooksBy, readLossReasons, type Period } from '../reporting/books.ts';
import type { Books } from '../renewal/figures.ts';
import { compareTerms, readBookedTerms, type Difference } from './comparison.ts';
import { journeyOf } from './journey.ts';
import { agrees, readLedgers, type Ledgers } from './ledgers.ts';
import type { ImportedList } from './load-season.ts';
import type { RehearsalStack } from './rehearsal-stack.ts';
import type { Season } from './season.ts';
import type { SeasonRun } from './season-run.ts';
import { countBy, readSituation, sumOf, type Counts } from './situation.ts';
import { truthOf } from './truth.ts';

export type Verdict = {
  period: Period;
  truth: Books;
  books: Books;
  booksByBranch: (Books & { cut: string | null })[];
  lossReasons: { reason: string; renewable: boolean; cases: number }[];
  leftOut: Counts;
  journeys: Counts;
  differences: Difference[];
  messages: Counts;
  tasks: Counts;
  ledgers: Ledgers;
  import: Pick<ImportedList, 'rows' | 'accepted' | 'rejected'>;
  run: SeasonRun;
  machine: { loadAverage: number; cpuSeconds: number };
  /** What makes the rehearsal a failure; empty when all is well. */
  faults: string[];
};

type Played = { season: Season; listedOn: Day; imported: ImportedList; run: SeasonRun; cpuSeconds: number };

export async function judgeSeason(stack: RehearsalStack, played: Played): Promise<Verdict> {
  const { season, listedOn, imported, run } = played;
  const period = { from: season.from, to: season.to };
  const { db } = stack;
  const [books, booksByBranch, lossReasons, booked, situation, ledgers] = await Promise.all([
    readBooks(db, period),
    readBooksBy(db, period, 'branch'),
    readLossReasons(db, period),
    readBookedTerms(db, period),
    readSituation(db, period),
    readLedgers(stack),
  ]);
  const found = {
    period,
    truth: truthOf(season.terms, listedOn),
    books,
    booksByBranch,
    lossReasons,
    leftOut: countBy(booked, ({ leftOut, opened }) => (opened ? undefined : (leftOut ?? 'no reason'))),
    journeys: countBy(season.terms, (term) => journeyOf(term, listedOn)),
    differences: compareTerms(season.terms, booked, listedOn),
    messages: situation.messages,
    tasks: situation.tasks,
    ledgers,
    import: { rows: imported.rows, accepted: imported.accepted, rejected: imported.rejected },
    run,
    machine: { loadAverage: loadavg()[1] ?? 0, cpuSeconds: played.cpuSeconds },
  };
  return { ...found, faults: faultsOf(found) };
}

/** What makes a rehearsal a failure, a sentence each. @internal */
export function faultsOf(found: Pick<Verdict, 'books' | 'truth' | 'differences' | 'ledgers' | 'run'>): string[] {
  const { books, truth, differences, ledgers, run } = found;
  const { Completed: _completed, ContinuedAsNew: _wentOn, ...broken } = ledgers.workflows;
  const { late = 0, received = 0 } = ledgers.results;
  const differs = books.renewed !== truth.renewed || books.lost !== truth.lost || books.due !== truth.due;
  const checks: [string, boolean][] = [
    [`given up: ${run.givenUp}`, run.givenUp !== undefined],
    [`${differences.length} terms differ from what really happened`, differences.length > 0],
    ['the books do not balance', !books.balanced],
    ['the figures differ from the truth', differs],
    [`${sumOf(broken)} workflows did not complete`, sumOf(broken) > 0],
    [`${ledgers.failedOthers} sweeps, intakes or hand-overs failed`, ledgers.failedOthers > 0],
    [`${late} results came after the close of their case`, late > 0],
    [`${received} results never reached their case`, received > 0],
    [`${run.play.late.length} acts came too late`, run.play.late.length > 0],
    [`${run.play.failed.length} acts failed`, run.play.failed.length > 0],
    ...ledgers.pages.map((page): [string, boolean] => [`${page.what}: ${page.here} and ${page.there}`, !agrees(page)]),
  ];
  return checks.filter(([, holds]) => holds).map(([fault]) => fault);
}
