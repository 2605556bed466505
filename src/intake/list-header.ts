import { columnsOf, headersOf, type ListFormat } from './list-format.ts';
import { ListProblem } from './list-problem.ts';

/** The format of a list with these headers: the one that was asked for, or the one that fits. */
export function chooseFormat(formats: readonly ListFormat[], headers: readonly string[], asked?: string): ListFormat {
  const candidates = asked === undefined ? formats : formats.filter((format) => format.name === asked);
  if (candidates.length === 0)
    throw new ListProblem(`There is no list format "${asked}"; known are ${names(formats)}.`);
  const [closest] = candidates.toSorted((a, b) => likeness(b, headers) - likeness(a, headers));
  if (!closest || (asked === undefined && likeness(closest, headers) === 0)) {
    throw new ListProblem(
      `This is no list that is known: its first line has none of the headers of ${names(formats)}.`,
    );
  }
  const missing = requiredHeaders(closest).filter((header) => !headers.includes(header));
  if (missing.length > 0) throw new ListProblem(`The list lacks columns of ${closest.name}: ${missing.join(', ')}.`);
  const doubled = headersOf(closest).filter((header) => headers.indexOf(header) !== headers.lastIndexOf(header));
  if (doubled.length > 0) throw new ListProblem(`Headers occur twice in the list: ${doubled.join(', ')}.`);
  return closest;
}

// oxlint-disable-next-line eslint/no-control-regex -- control characters are what it looks for
const accidents = /[\s\u0000-\u001f\u007f]+/g;

/** The headers as a list writes them, without the accidents of spreadsheets. */
export function readHeaders(cells: readonly string[]): string[] {
  const headers = cells.map((cell) => cell.normalize('NFKC').replaceAll(accidents, ' ').trim());
  return headers.slice(0, headers.findLastIndex((header) => header !== '') + 1);
}

function requiredHeaders(format: ListFormat): string[] {
  return columnsOf(format).flatMap(([, column]) => (column.required ? [column.header] : []));
}

function likeness(format: ListFormat, headers: readonly string[]): number {
  const known = headersOf(format);
  return known.filter((header) => headers.includes(header)).length / known.length;
}

function names(formats: readonly ListFormat[]): string {
  return formats.map((format) => format.name).join(', ');
}
