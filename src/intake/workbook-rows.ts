import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { HucreError } from 'hucre';
import { streamXlsxRows, type CellValue } from 'hucre/xlsx';
import { ListProblem } from './list-problem.ts';
import type { ListRow } from './list-row.ts';
import { textPieces } from './list-text.ts';
import { textLines } from './text-lines.ts';
import { checkWorkbookSize } from './workbook-size.ts';

const writeAfter = 256 * 1024;

/**
 * Copies the first sheet of a workbook row by row into a scratch file. The library parses ahead of a reader that
 * waits and would keep the whole sheet in memory; a reader that never waits keeps it at a few hundred rows.
 */
export async function spoolWorkbook(path: string, scratchPath: string): Promise<void> {
  const workbook = await readFile(path);
  checkWorkbookSize(workbook);
  const file = openSync(scratchPath, 'wx', 0o600);
  try {
    let text = '';
    for await (const { index, values } of streamXlsxRows(workbook)) {
      text += `${JSON.stringify([index + 1, ...values.map(cellText)])}\n`;
      if (text.length < writeAfter) continue;
      writeSync(file, text);
      text = '';
    }
    writeSync(file, text);
  } catch (error) {
    throw error instanceof HucreError ? new ListProblem(`The workbook cannot be read: ${error.message}`) : error;
  } finally {
    closeSync(file);
  }
}

/** The rows of a spooled workbook; empty cells at the end of a row, which a sheet leaves out, are filled up. */
export async function* spooledRows(scratchPath: string): AsyncGenerator<ListRow> {
  const pieces = textPieces({ path: scratchPath, gzipped: false, encoding: 'utf-8' });
  let width = 0;
  for await (const { text } of textLines(pieces)) {
    const [line, ...cells] = JSON.parse(text) as [number, ...string[]];
    if (width === 0) width = cells.length;
    while (cells.length < width) cells.push('');
    yield { line, cells };
  }
}

function cellText(cell: CellValue): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
