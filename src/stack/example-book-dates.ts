import { readFileSync } from 'node:fs';
import { addDays, daysBetween, type Day } from '../renewal/calendar.ts';

const book = new URL('example-book.csv', import.meta.url);

/** The day for which the example book was written: its policies expire 5 to 75 days later. */
const writtenFor: Day = '2026-06-01';
const writtenDay = /(?<=^|,)\d{4}-\d{2}-\d{2}(?=,|$)/gm;

/** The example book as it would have been written for this day: every date moves by as much, so terms keep their length. */
export function shiftedExampleBook(today: Day): string {
  const moved = daysBetween(writtenFor, today);
  return readFileSync(book, 'utf8').replaceAll(writtenDay, (day) => addDays(day, moved));
}
