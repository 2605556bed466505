import { existsSync, statSync } from 'node:fs';
import { knownFormats } from '../intake/formats/known-formats.ts';
import type { ListFormat } from '../intake/list-format.ts';
import { daysBetween, type Day } from '../renewal/calendar.ts';
import { bookColumns, type BookColumns } from './book-columns.ts';

/** What the command line says. */
export type RawOptions = {
  book: string;
  format: string;
  from: string;
  to: string;
  day: string;
  limit?: string;
  running?: boolean;
  keep?: boolean;
  json?: string;
};

export type RehearsalOptions = {
  book: string;
  format: ListFormat;
  columns: BookColumns;
  from: Day;
  to: Day;
  /** How long a business day lasts, in wall milliseconds. */
  dayMs: number;
  limit?: number;
  running: boolean;
  keep: boolean;
  json?: string;
};

const longestSeasonDays = 366;
const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Checks the command line; throws an Error of one line for whatever cannot be used. */
export function readOptions(raw: RawOptions): RehearsalOptions {
  const from = readDay('--from', raw.from);
  const to = readDay('--to', raw.to);
  if (from > to) throw new Error(`--from ${from} lies after --to ${to}.`);
  if (daysBetween(from, to) > longestSeasonDays) throw new Error('A season is at most a year long.');
  if (!existsSync(raw.book) || !statSync(raw.book).isFile()) throw new Error(`--book: there is no file ${raw.book}.`);
  return {
    book: raw.book,
    ...readFormat(raw.format),
    from,
    to,
    dayMs: readLength(raw.day),
    ...(raw.limit === undefined ? {} : { limit: readLimit(raw.limit) }),
    running: raw.running ?? false,
    keep: raw.keep ?? false,
    ...(raw.json === undefined ? {} : { json: raw.json }),
  };
}

function readDay(name: string, written: string): Day {
  const instant = Date.parse(`${written}T00:00:00Z`);
  const isReal = /^(19|20|21)\d\d-\d\d-\d\d$/.test(written) && !Number.isNaN(instant);
  if (isReal && new Date(instant).toISOString().startsWith(written)) return written;
  throw new Error(`${name} ${written} is no date; write it as 2018-03-31.`);
}

function readFormat(name: string): Pick<RehearsalOptions, 'format' | 'columns'> {
  const format = knownFormats.find((known) => known.name === name);
  const columns = bookColumns[name];
  if (format && columns) return { format, columns };
  const usable = Object.keys(bookColumns).join(', ');
  const problem = format ? `does not say what became of its terms` : 'is unknown';
  throw new Error(`--format ${name} ${problem}; a rehearsal reads ${usable}.`);
}

function readLength(written: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(written);
  const ms = Number(found?.[1]) * (unitMs[found?.[2] ?? ''] ?? Number.NaN);
  if (ms >= 100 && ms <= 3_600_000) return ms;
  throw new Error(`--day ${written} is no length of a business day; write 6s, at least 100ms and at most 1h.`);
}

function readLimit(written: string): number {
  const limit = Number(written);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new Error(`--limit ${written} is no count of terms.`);
}
