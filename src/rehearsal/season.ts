import { openList } from '../intake/open-list.ts';
import type { ListRow } from '../intake/list-row.ts';
import { dayFirst } from '../intake/read-day.ts';
import { rowCheck, type RowVerdict } from '../intake/row-check.ts';
import { daysBetween, type Day } from '../renewal/calendar.ts';
import { shortestTermDays } from '../renewal/eligibility.ts';
import type { Owners } from '../renewal/policy.ts';
import { isTelesalesBorn } from '../renewal/special-lines.ts';
import type { RehearsalOptions } from './rehearsal-options.ts';

/** What really became of a term. */
type Fate = 'renewed' | 'lost' | 'cancelled' | 'ineligible';

/** A policy term in force that expires in the season, with what the book knows of its year after. */
export type SeasonTerm = {
  policyNumber: string;
  startsOn: Day;
  expiresOn: Day;
  lapsedOn?: Day;
  fate: Fate;
  /** Who works it; none when the product would reject the row. */
  owners: Owners | undefined;
  /** The row as it stands in the book. */
  cells: string[];
};

export type Season = { from: Day; to: Day; headers: string[]; terms: SeasonTerm[] };

type BookTerm = Pick<SeasonTerm, 'policyNumber' | 'startsOn' | 'expiresOn' | 'lapsedOn' | 'cells'>;
type BookReader = (row: ListRow) => BookTerm | undefined;

/**
 * Reads the season out of a book, row by row: the terms in force (a lapse on or before its own start means that a term never
 * was) that expire in it. A term of the same policy number in force that starts on the expiry day is its renewal.
 */
export async function readSeason(
  options: Pick<RehearsalOptions, 'book' | 'format' | 'columns' | 'from' | 'to'>,
): Promise<Season> {
  const { from, to } = options;
  const list = await openList(options.book);
  const expiring = new Map<string, BookTerm>();
  const renewals = new Set<string>();
  try {
    const termOf = bookReader(options, list.headers);
    for await (const row of list.rows) {
      const term = termOf(row);
      if (!term) continue;
      const key = termKey(term.policyNumber, term.startsOn);
      if (term.startsOn >= from && term.startsOn <= to) keepIf(isInForce(term), renewals, key);
      // A later row about the same term is the one that counts.
      expiring.delete(key);
      if (term.expiresOn >= from && term.expiresOn <= to && isInForce(term)) expiring.set(key, term);
    }
    const check = rowCheck(options.format, list.headers);
    const terms = [...expiring.values()].map((term) => ({
      ...term,
      fate: fateOf(term, renewals),
      owners: ownersOf(check({ line: 0, cells: term.cells })),
    }));
    return { from, to, headers: list.headers, terms: terms.toSorted(byExpiry) };
  } finally {
    await list.close();
  }
}

function bookReader({ columns, format }: Pick<RehearsalOptions, 'columns' | 'format'>, headers: string[]): BookReader {
  const place = (header: string): number => {
    const found = headers.indexOf(header);
    if (found < 0) throw new Error(`The book has no column ${header}; is it of the format ${format.name}?`);
    return found;
  };
  const at = {
    policyNumber: place(columns.policyNumber),
    startsOn: place(columns.startsOn),
    expiresOn: place(columns.expiresOn),
    lapsedOn: place(columns.lapsedOn),
  };
  return ({ cells }) => {
    const startsOn = dayIn(cells[at.startsOn]);
    const expiresOn = dayIn(cells[at.expiresOn]);
    const lapsedOn = dayIn(cells[at.lapsedOn]);
    const policyNumber = (cells[at.policyNumber] ?? '').trim();
    if (!startsOn || !expiresOn || policyNumber === '') return undefined;
    return { policyNumber, startsOn, expiresOn, ...(lapsedOn ? { lapsedOn } : {}), cells };
  };
}

function dayIn(cell = ''): Day | undefined {
  const reading = dayFirst(cell.trim());
  return reading.kind === 'value' ? reading.value : undefined;
}

function keepIf(holds: boolean, keys: Set<string>, key: string): void {
  if (holds) keys.add(key);
  else keys.delete(key);
}

function isInForce({ startsOn, lapsedOn }: BookTerm): boolean {
  return lapsedOn === undefined || lapsedOn > startsOn;
}

function fateOf(term: BookTerm, renewals: ReadonlySet<string>): Fate {
  const { policyNumber, startsOn, expiresOn, lapsedOn } = term;
  if (lapsedOn !== undefined && lapsedOn < expiresOn) return 'cancelled';
  if (daysBetween(startsOn, expiresOn) < shortestTermDays) return 'ineligible';
  return renewals.has(termKey(policyNumber, expiresOn)) ? 'renewed' : 'lost';
}

/** What telesales wrote is worked by the specialist whoever the agent is. */
function ownersOf(verdict: RowVerdict): Owners | undefined {
  if (verdict.kind !== 'accepted') return undefined;
  const { owners, channel = null } = verdict.term;
  if (!isTelesalesBorn({ channel })) return owners;
  const { agent: _agent, ...others } = owners;
  return { ...others, ...(others.specialist ? { agent: { ...others.specialist, departed: false } } : {}) };
}

export function termKey(policyNumber: string, startsOn: Day): string {
  return `${policyNumber} ${startsOn}`;
}

function byExpiry(one: SeasonTerm, other: SeasonTerm): number {
  const orderOf = ({ expiresOn, policyNumber, startsOn }: SeasonTerm): string =>
    `${expiresOn} ${policyNumber.padStart(40, '0')} ${startsOn}`;
  return orderOf(one) < orderOf(other) ? -1 : 1;
}
