import { ListProblem } from './list-problem.ts';
import { checkInflated } from './size-limits.ts';

const directoryEnd = 0x06054b50;
const directoryEntry = 0x02014b50;
const longestTail = 65_557;
/** Everything but the sheets is held in memory while the sheet is read. */
const mostBesideSheets = 128 * 1024 * 1024;

/** Adds up what the parts of a workbook say they unpack to; the reader holds them to it. */
export function checkWorkbookSize(workbook: Buffer): void {
  let inflated = 0;
  let besideSheets = 0;
  for (const { name, size } of zipEntries(workbook)) {
    inflated += size;
    if (!name.startsWith('xl/worksheets/')) besideSheets += size;
  }
  checkInflated(inflated, workbook.length);
  if (besideSheets > mostBesideSheets) throw new ListProblem('The workbook is too large; save the list as CSV.');
}

// APPNOTE 4.3.12 and 4.3.16: the directory at the end of a zip file.
function* zipEntries(zip: Buffer): Generator<{ name: string; size: number }> {
  let end = zip.length - 22;
  const farthest = Math.max(0, zip.length - longestTail);
  while (end >= farthest && zip.readUInt32LE(end) !== directoryEnd) end -= 1;
  if (end < farthest) throw new ListProblem('The workbook is damaged or was cut off; send it again.');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== directoryEntry) {
      throw new ListProblem('The workbook is damaged; save it again.');
    }
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place));
    yield { name: zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0)), size: declaredSize(zip, at) };
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (noteLength ?? 0);
  }
}

// The size stands in the directory and again before the data; the larger one counts, and none at all counts as too much.
function declaredSize(zip: Buffer, entry: number): number {
  const local = zip.readUInt32LE(entry + 42);
  const sizes = [zip.readUInt32LE(entry + 24), local + 26 <= zip.length ? zip.readUInt32LE(local + 22) : 0];
  const packed = zip.readUInt32LE(entry + 20);
  const size = Math.max(...sizes);
  return size === 0 && packed > 2 ? 0xffffffff : size;
}
