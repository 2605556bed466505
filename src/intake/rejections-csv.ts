import { stringify } from 'csv-stringify/sync';
import type { Db } from '../db/connection.ts';
import { findImportFormat, listRejections, type Rejection } from '../db/imports/import-records.ts';
import { knownFormats } from './formats/known-formats.ts';
import { headersOf } from './list-format.ts';

const rowsAtATime = 500;
// Excel takes a CSV without this mark for the encoding of its country.
const byteOrderMark = '\ufeff';

/**
 * The rejected rows as a CSV to mend and send back: the list's own columns, then line, column and reason. Cells that a
 * spreadsheet would run as a formula are escaped with an apostrophe.
 */
export async function* rejectionsCsv(db: Db, importId: string): AsyncGenerator<string> {
  const name = await findImportFormat(db, importId);
  const format = knownFormats.find((known) => known.name === name);
  const headers = format ? headersOf(format) : [];
  yield byteOrderMark + csv([[...headers, 'line', 'column', 'reason']]);
  for (let afterLine = 0; ;) {
    const rejections = await listRejections(db, importId, { afterLine, limit: rowsAtATime });
    const last = rejections.at(-1);
    if (!last) return;
    yield csv(rejections.map(cellsOf));
    afterLine = last.line;
  }
}

function cellsOf({ line, column, reason, row }: Rejection): string[] {
  return [...row, String(line), column, reason];
}

function csv(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: '\r\n' });
}
