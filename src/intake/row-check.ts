import type { OutOfBounds } from '../db/imports/import-bounds.ts';
import type { PolicyTerm } from '../renewal/policy.ts';
import { columnsOf, headersOf, type ListFormat, type ReadFields } from './list-format.ts';
import { policyTerm } from './policy-term.ts';
import type { ListRow } from './list-row.ts';

export type RowVerdict =
  { kind: 'accepted'; term: PolicyTerm; duplicateKey: string } | { kind: 'rejected'; column: string; reason: string };

// Tabs and line breaks occur in honest notes; anything else of this range is damage.
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what it looks for
const damage = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;

/** A check of rows under these headers: the first thing wrong with a row rejects it, in the order of the format's columns. */
export function rowCheck(format: ListFormat, headers: readonly string[]): (row: ListRow) => RowVerdict {
  const columns = columnsOf(format)
    .map(([field, column]) => ({ field, ...column, place: headers.indexOf(column.header) }))
    .filter(({ place }) => place >= 0);

  return (row) => {
    const misshapen = shapeProblem(row, headers);
    if (misshapen) return { kind: 'rejected', ...misshapen };
    const fields: Record<string, unknown> = {};
    for (const { field, header, read, required, place } of columns) {
      const written = row.cells[place] ?? '';
      const cell = written.normalize('NFKC').trim();
      if (damage.test(written)) return rejected(header, `${header} has an unreadable character`);
      if (cell === '' && required) return rejected(header, `${header} missing`);
      if (cell === '') continue;
      const reading = read(cell);
      if (reading.kind === 'problem') return rejected(header, `${header} ${reading.problem}`);
      if (reading.value !== undefined) fields[field] = reading.value;
    }
    return termVerdict(format, fields as ReadFields);
  };
}

export type RowProblem = { column: string; reason: string };

/** What the list calls the columns that may occur only once together. */
export function duplicateProblem(format: ListFormat): RowProblem {
  const { policyNumber, startsOn } = format.columns;
  const both = format.oneRowPer === 'policy-number' ? [policyNumber] : [policyNumber, startsOn];
  return { column: policyNumber.header, reason: `duplicate ${both.map(({ header }) => header).join(' and ')}` };
}

/** What the list calls the column that names another branch, its policy or its people; the policy when it has no such column. */
export function outOfBoundsProblem({ columns }: ListFormat, field: OutOfBounds['field']): RowProblem {
  const { header } = columns[field] ?? columns.policyNumber;
  return { column: header, reason: `${header} is not of your branch` };
}

/** What the list calls the expiry that would close an open case at once. */
export function passedExpiryProblem({ columns }: ListFormat): RowProblem {
  const { header } = columns.expiresOn;
  return { column: header, reason: `${header}: the corrected expiry has passed; the case is open` };
}

/** The cells of a row in the order of the format's own headers, as they can be stored and sent back. */
export function cellsToMend(format: ListFormat, headers: readonly string[]): (row: ListRow) => string[] {
  const places = headersOf(format).map((header) => headers.indexOf(header));
  return ({ cells }) => places.map((place) => (cells[place] ?? '').replaceAll('\u0000', '\ufffd').toWellFormed());
}

function termVerdict(format: ListFormat, fields: ReadFields): RowVerdict {
  const term = policyTerm(format, fields);
  const { expiresOn, startsOn } = format.columns;
  if (term.termDays < 1) return rejected(expiresOn.header, `${expiresOn.header} before ${startsOn.header}`);
  const start = format.oneRowPer === 'policy-number' ? '' : ` ${term.startsOn}`;
  return { kind: 'accepted', term, duplicateKey: `${term.policyNumber}${start}` };
}

function shapeProblem({ cells, flaw }: ListRow, headers: readonly string[]): RowProblem | undefined {
  const at = (place: number): string => headers[Math.min(place, headers.length - 1)] ?? '';
  if (flaw) return { column: at(flaw.place), reason: `${at(flaw.place)} ${flaw.problem}` };
  const used = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (cells.length >= headers.length && used <= headers.length) return undefined;
  const found = Math.max(used, Math.min(cells.length, headers.length));
  return { column: at(found), reason: `row has ${found} columns instead of ${headers.length}` };
}

function rejected(column: string, reason: string): RowVerdict {
  return { kind: 'rejected', column, reason };
}
