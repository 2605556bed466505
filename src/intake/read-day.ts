import type { Day } from '../renewal/calendar.ts';
import type { Reader, Reading } from './list-format.ts';
import { problem, value } from './read-text.ts';

const dayMs = 86_400_000;
// Excel counts days from here; its serials below 61 are wrong by one day and far outside any list.
const excelEpoch = Date.UTC(1899, 11, 30);
const midnight = String.raw`(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:[.]\d+)?)?Z?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})日?${midnight}$`);
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const dayFirstForm = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${midnight}$`);
const serialForm = /^\d{5}(?:[.]\d+)?$/;

/** A day written year first (2026-01-29, 2026/1/29, 2026年01月29日, 20260129) or as the serial number of a spreadsheet. */
export const day: Reader<Day> = (cell) => {
  const found = yearFirst.exec(cell);
  if (found) return realDay(found[1], found[3], found[5]);
  const short = compact.exec(cell);
  return short ? realDay(short[1], short[2], short[3]) : daySerial(cell);
};

/** As `day`, and also written day first (29/01/2026). */
export const dayFirst: Reader<Day> = (cell) => {
  const found = dayFirstForm.exec(cell);
  return found ? realDay(found[3], found[2], found[1]) : day(cell);
};

function daySerial(cell: string): Reading<Day> {
  if (!serialForm.test(cell)) return notADay;
  return value(new Date(excelEpoch + Math.floor(Number(cell)) * dayMs).toISOString().slice(0, 10));
}

function realDay(year = '', month = '', date = ''): Reading<Day> {
  const written = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const instant = Date.parse(`${written}T00:00:00Z`);
  const exists = !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(written);
  return exists && year >= '1900' && year < '2200' ? value(written) : notADay;
}

const notADay = problem('is no date');
