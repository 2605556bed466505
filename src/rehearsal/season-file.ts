import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import type { Day } from '../renewal/calendar.ts';
import type { BookColumns } from './book-columns.ts';
import type { Season, SeasonTerm } from './season.ts';

/** Writes the season as a list of the book's own format, as it could have been written on that day: without the future. */
export async function writeSeasonFile(
  path: string,
  season: Season,
  { columns, listedOn }: { columns: BookColumns; listedOn: Day },
): Promise<void> {
  const unknown = new Set(columns.future.map((header) => season.headers.indexOf(header)));
  const rowOf = (term: SeasonTerm): string[] => {
    const isPast = term.lapsedOn !== undefined && term.lapsedOn <= listedOn;
    return isPast ? term.cells : term.cells.map((cell, place) => (unknown.has(place) ? '' : cell));
  };
  const lines = [season.headers, ...season.terms.map(rowOf)].map((cells) => stringify([cells], { delimiter: ';' }));
  await pipeline(Readable.from(lines), createWriteStream(path));
}
