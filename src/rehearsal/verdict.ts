import { loadavg } from 'node:os';
import type { Day } from '../renewal/calendar.ts';
import { readBooks, readBooksBy, readLossReasons, type Period } from '../reporting/books.ts';
import type { Books } from '../renewal/figures.ts';
import { compareTerms, readBookedTerms, type Difference } from './comparison.ts';
import { endingOf, journeyOf } from './journey.ts';
import { countTaken, countWorkflows } from './ledgers.ts';
import type { ImportedList } from './load-season.ts';
import type { RehearsalStack } from './rehearsal-stack.ts';
import type { Season, SeasonTerm } from './season.ts';
import type { SeasonRun } from './season-run.ts';
import { readSituation, sumOf, type Counts, type Situation } from './situation.ts';

/** What the book itself says of the season, in the words of the product's books. */
export type Truth = { due: number; renewed: number; lost: number; notRenewable: number; ratePercent: number | null };

export type Verdict = {
  period: Period;
  truth: Truth;
  books: Books;
  booksByBranch: (Books & { cut: string | null })[];
  lossReasons: { reason: string; renewable: boolean; cases: number }[];
  leftOut: Counts;
  journeys: Counts;
  differences: Difference[];
  workflows: Counts;
  messages: Counts;
  tasks: Counts;
  ledgers: Ledger[];
  import: Pick<ImportedList, 'rows' | 'accepted' | 'rejected'>;
  run: SeasonRun;
  machine: { loadAverage: number; cpuSeconds: number };
  /** What makes the rehearsal a failure; empty when all is well. */
  faults: string[];
};

/** Two counts that must be equal. */
export type Ledger = { what: string; here: number; there: number };

type Played = { season: Season; listedOn: Day; imported: ImportedList; run: SeasonRun; cpuSeconds: number };

export async function judgeSeason(stack: RehearsalStack, played: Played): Promise<Verdict> {
  const { season, listedOn, imported, run } = played;
  const period = { from: season.from, to: season.to };
  const { db } = stack;
  const [books, booksByBranch, lossReasons, booked, situation, workflows, taken] = await Promise.all([
    readBooks(db, period),
    readBooksBy(db, period, 'branch'),
    readLossReasons(db, period),
    readBookedTerms(db, period),
    readSituation(db, period),
    countWorkflows(stack.temporal),
    countTaken({ smsUrl: stack.urls.sms, mailUrl: stack.urls.mail }),
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
    workflows,
    messages: situation.messages,
    tasks: situation.tasks,
    ledgers: ledgersOf({ books, situation, workflows, taken }),
    import: { rows: imported.rows, accepted: imported.accepted, rejected: imported.rejected },
    run,
    machine: { loadAverage: loadavg()[1] ?? 0, cpuSeconds: played.cpuSeconds },
  };
  return { ...found, faults: faultsOf(found) };
}

export function truthOf(terms: readonly SeasonTerm[], listedOn: Day): Truth {
  const counts = countBy(terms, (term) => endingOf(journeyOf(term, listedOn)));
  const { renewed = 0, lost = 0, 'not-renewable': notRenewable = 0 } = counts;
  const renewable = renewed + lost;
  const ratePercent = renewable === 0 ? null : Math.round((10_000 * renewed) / renewable) / 100;
  return { due: renewable + notRenewable, renewed, lost, notRenewable, ratePercent };
}

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string | undefined): Counts {
  const counts: Counts = {};
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

type LedgerParts = { books: Books; situation: Situation; workflows: Counts; taken: { sms: number; email: number } };

function ledgersOf({ books, situation, workflows, taken }: LedgerParts): Ledger[] {
  const { accepted } = situation;
  return [
    { what: 'closed cases and completed workflows', here: books.due - books.open, there: workflows['Completed'] ?? 0 },
    { what: 'cases and workflows', here: books.due, there: sumOf(workflows) },
    { what: 'SMS accepted and SMS at the stand-in', here: accepted['sms'] ?? 0, there: taken.sms },
    { what: 'e-mails accepted and e-mails at the catcher', here: accepted['email'] ?? 0, there: taken.email },
  ];
}

function faultsOf(found: Omit<Verdict, 'faults'>): string[] {
  const { books, truth, differences, workflows, ledgers, run, messages } = found;
  const broken = sumOf(workflows) - (workflows['Completed'] ?? 0);
  const lostInRate = books.lost - books.notRenewable;
  const checks: [string, boolean][] = [
    [`given up: ${run.givenUp}`, run.givenUp !== undefined],
    [`${differences.length} terms differ from what really happened`, differences.length > 0],
    ['the books do not balance', !books.balanced],
    ['the figures differ from the truth', books.renewed !== truth.renewed || lostInRate !== truth.lost],
    [`${broken} workflows did not complete`, broken > 0],
    [`${run.play.late.length} results came after the close of their case`, run.play.late.length > 0],
    [`${run.play.failed.length} acts failed`, run.play.failed.length > 0],
    [`${messages['unknown']} messages are unknown`, (messages['unknown'] ?? 0) > 0],
    ...ledgers.map(({ what, here, there }): [string, boolean] => [`${what}: ${here} and ${there}`, here !== there]),
  ];
  return checks.filter(([, holds]) => holds).map(([fault]) => fault);
}
