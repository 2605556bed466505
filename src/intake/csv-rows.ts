import { parse } from 'csv-parse/sync';
import type { ListRow } from './list-row.ts';
import type { TextLine } from './text-lines.ts';

const quote = '"';
const mostLinesOfARow = 50;
const delimiters = [',', ';', '\t', '|'];

/** The delimiter that cuts the line with the headers into the most cells. */
export function findDelimiter(headerLine: string): string {
  const cellsBy = (delimiter: string): number => headerLine.split(delimiter).length;
  return delimiters.toSorted((a, b) => cellsBy(b) - cellsBy(a))[0] ?? ',';
}

/**
 * Rows of a CSV text. A lone quote must cost its own row and no other, which a CSV parser cannot promise: it swallows
 * the rows up to the next quote. So lines are put together here and the parser sees one row at a time.
 */
export async function* csvRows(lines: AsyncIterator<TextLine>, delimiter: string): AsyncGenerator<ListRow> {
  const source = withPutBack(lines);
  let width: number | undefined;
  try {
    for (let first = await source.take(); first; first = await source.take()) {
      const row = plainRow(first, delimiter) ?? (await quotedRow(first, source, { delimiter, width }));
      width ??= row.cells.length;
      yield row;
    }
  } finally {
    await lines.return?.();
  }
}

type Source = { take: () => Promise<TextLine | undefined>; putBack: (lines: TextLine[]) => void };
type Shape = { delimiter: string; width: number | undefined };

function withPutBack(lines: AsyncIterator<TextLine>): Source {
  let ahead: TextLine[] = [];
  return {
    take: async () => {
      const known = ahead.shift();
      if (known) return known;
      const next = await lines.next();
      return next.done ? undefined : next.value;
    },
    putBack: (back) => {
      ahead = [...back, ...ahead];
    },
  };
}

async function quotedRow(first: TextLine, source: Source, shape: Shape): Promise<ListRow> {
  const block = await untilQuotesClose(first, source);
  const row = block.length > 1 ? severalLines(block, shape) : undefined;
  if (row) return row;
  source.putBack(block.slice(1));
  return quotedLine(first, shape.delimiter);
}

function plainRow({ line, text }: TextLine, delimiter: string): ListRow | undefined {
  return text.includes(quote) ? undefined : { line, cells: text.split(delimiter) };
}

async function untilQuotesClose(first: TextLine, source: Source): Promise<TextLine[]> {
  const block = [first];
  let open = countQuotes(first.text) % 2 === 1;
  while (open && block.length < mostLinesOfARow) {
    const next = await source.take();
    if (!next) break;
    block.push(next);
    if (countQuotes(next.text) % 2 === 1) open = false;
  }
  return block;
}

function severalLines(block: TextLine[], shape: Shape): ListRow | undefined {
  const rows = parseRows(block.map(({ text }) => text).join('\n'), shape.delimiter, false);
  const [cells] = rows ?? [];
  if (!cells || rows?.length !== 1 || (shape.width !== undefined && cells.length !== shape.width)) return undefined;
  return { line: block[0]?.line ?? 0, cells };
}

function quotedLine({ line, text }: TextLine, delimiter: string): ListRow {
  const [cells] = parseRows(text, delimiter, true) ?? [];
  if (cells) return { line, cells };
  const torn = text.split(delimiter);
  return {
    line,
    cells: torn,
    flaw: { place: torn.findLastIndex((cell) => cell.includes(quote)), problem: 'has a lone quote' },
  };
}

function parseRows(text: string, delimiter: string, relaxQuotes: boolean): string[][] | undefined {
  try {
    return parse(text, { delimiter, relax_quotes: relaxQuotes, relax_column_count: true });
  } catch {
    return undefined;
  }
}

function countQuotes(text: string): number {
  return text.split(quote).length - 1;
}
