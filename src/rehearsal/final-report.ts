import { duration } from './display.ts';
import type { Ledger } from './ledgers.ts';
import type { ActFault } from './play.ts';
import type { Counts } from './situation.ts';
import type { Verdict } from './verdict.ts';

const mostListed = 20;

/** The books beside what really happened, the ledgers, and how the machine did. */
export function describeVerdict(verdict: Verdict): string {
  const { period, faults } = verdict;
  return [
    '',
    `Season ${period.from} to ${period.to}`,
    ...booksTable(verdict),
    '',
    ...reasonLines(verdict),
    `left out      ${list(verdict.leftOut)}`,
    `messages      ${list(verdict.messages)}`,
    `not sent      ${list(verdict.ledgers.unsent)}`,
    `tasks         ${list(verdict.tasks)}`,
    `results       ${list(verdict.ledgers.results)}`,
    `workflows     ${list(verdict.ledgers.workflows)}`,
    ...verdict.ledgers.pages.map(describePage),
    ...runLines(verdict),
    ...faultLists(verdict),
    faults.length === 0 ? 'The books equal what really happened.' : `FAILED: ${faults.join('; ')}.`,
    '',
  ].join('\n');
}

function describePage({ what, here, there, uncertain }: Ledger): string {
  const unknown = uncertain === 0 ? '' : `, ${uncertain} unknown`;
  return `ledger        ${what}: ${here} and ${there}${unknown}`;
}

function booksTable({ books, truth }: Verdict): string[] {
  const rows: [string, number | string, number | string][] = [
    ['due', books.due, truth.due],
    ['not renewable', books.notRenewable, truth.notRenewable],
    ['renewable', books.renewable, truth.renewable],
    ['renewed', books.renewed, truth.renewed],
    ['lost', books.lost - books.notRenewable, truth.lost - truth.notRenewable],
    ['handed off', books.handedOff, 0],
    ['open', books.open, 0],
    ['renewal rate', percent(books.ratePercent), percent(truth.ratePercent)],
  ];
  const line = (name: string, booked: number | string, really: number | string): string =>
    `  ${name.padEnd(14)}${String(booked).padStart(10)}${String(really).padStart(12)}`;
  return [line('', 'books', 'really'), ...rows.map(([name, booked, really]) => line(name, booked, really))];
}

function reasonLines({ lossReasons }: Verdict): string[] {
  return lossReasons.map(
    ({ reason, renewable, cases }) => `lost          ${reason} ${cases}${renewable ? '' : ' (not renewable)'}`,
  );
}

function runLines({ run, machine, import: imported }: Verdict): string[] {
  const { play, pace } = run;
  const worst = pace.worst.what === '' ? '' : ` (${pace.worst.what})`;
  return [
    `list          ${imported.rows} rows, ${imported.accepted} accepted, ${imported.rejected} rejected`,
    `acts          ${play.done} of ${play.total}; ${play.late.length} late, ${play.failed.length} failed; ${run.repeats} requests repeated`,
    `lag           ${pace.worst.hours.toFixed(1)} business hours at most${worst}; day of ${(pace.dayMs / 1000).toFixed(1)} s, stood still for ${duration(pace.pausedMs)}`,
    `took          ${duration(run.wallMs)}, ${Math.round(machine.cpuSeconds)} CPU seconds of the machine, load average ${machine.loadAverage.toFixed(1)}`,
  ];
}

function faultLists({ differences, run }: Verdict): string[] {
  const differing = differences.map(
    ({ policyNumber, startsOn, really, booked }) =>
      `  ${policyNumber} from ${startsOn}: really ${really}, booked ${booked}`,
  );
  const ofActs = (faults: ActFault[]): string[] => faults.map(({ act, detail }) => `  ${act}: ${detail}`);
  return [
    ...titled('Differences', differing),
    ...titled('Late results', ofActs(run.play.late)),
    ...titled('Failed acts', ofActs(run.play.failed)),
  ];
}

function titled(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > mostListed ? [`  and ${lines.length - mostListed} more`] : [];
  return [`${title}:`, ...lines.slice(0, mostListed), ...more];
}

function list(counts: Counts): string {
  const written = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return written.length === 0 ? 'none' : written.join(', ');
}

function percent(rate: number | null): string {
  return rate === null ? 'none' : `${rate.toFixed(2)} %`;
}
