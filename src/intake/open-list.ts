import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { csvRows, findDelimiter } from './csv-rows.ts';
import { ListProblem } from './list-problem.ts';
import { isBlank, type ListRow } from './list-row.ts';
import { findEncoding, textPieces } from './list-text.ts';
import { readHeaders } from './list-header.ts';
import { textLines } from './text-lines.ts';
import { spooledRows, spoolWorkbook } from './workbook-rows.ts';

export type OpenedList = { headers: string[]; rows: AsyncIterable<ListRow>; close: () => Promise<void> };

/** Opens a list of any kind that can be read: CSV in UTF-8 or GB18030, gzipped or not, or the first sheet of an XLSX. */
export async function openList(path: string): Promise<OpenedList> {
  const scratch = await mkdtemp(join(tmpdir(), 'xubao-list-'));
  let rows: AsyncGenerator<ListRow> | undefined;
  const close = async (): Promise<void> => {
    await rows?.return(undefined);
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    rows = withoutBlanks(await rowsOf(path, join(scratch, 'rows')));
    const first = await rows.next();
    if (first.done) throw new ListProblem('The file is empty.');
    return { headers: readHeaders(first.value.cells), rows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function rowsOf(path: string, scratchPath: string): Promise<AsyncGenerator<ListRow>> {
  const start = await firstBytes(path);
  if (start.length === 0) throw new ListProblem('The file is empty.');
  if (start.toString('latin1').startsWith('PK')) {
    await spoolWorkbook(path, scratchPath);
    return spooledRows(scratchPath);
  }
  const unreadable = unreadableKinds.find(([mark]) => start.toString('hex').startsWith(mark));
  if (unreadable) throw new ListProblem(unreadable[1]);
  return textRows(path, start.toString('hex').startsWith('1f8b'));
}

const unreadableKinds = [
  ['d0cf11e0', 'The file is an old .xls or a workbook with a password. Save it as XLSX without one, or as CSV.'],
  ['fffe', 'The file is UTF-16 text. Save the list as CSV in UTF-8 or as XLSX.'],
  ['feff', 'The file is UTF-16 text. Save the list as CSV in UTF-8 or as XLSX.'],
  ['25504446', 'The file is a PDF. Save the list as CSV or XLSX.'],
] as const;

async function* textRows(path: string, gzipped: boolean): AsyncGenerator<ListRow> {
  const encoding = await findEncoding(path, gzipped);
  const lines = textLines(textPieces({ path, gzipped, encoding }));
  const first = await lines.next();
  if (first.done) return;
  const again = (async function* () {
    yield first.value;
    yield* lines;
  })();
  yield* csvRows(again, findDelimiter(first.value.text));
}

async function* withoutBlanks(rows: AsyncGenerator<ListRow>): AsyncGenerator<ListRow> {
  for await (const row of rows) if (!isBlank(row)) yield row;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
