import { knownFormats } from '../../src/intake/formats/known-formats.ts';
import { chooseFormat } from '../../src/intake/list-header.ts';
import type { ListRow } from '../../src/intake/list-row.ts';
import { openList } from '../../src/intake/open-list.ts';
import { rowCheck, type RowVerdict } from '../../src/intake/row-check.ts';
import { aFile } from './pending-list.ts';

export type ReadRow = ListRow & { verdict: RowVerdict };

/** Reads and checks a list without a database. */
export async function readListAt(path: string): Promise<{ format: string; rows: ReadRow[] }> {
  const list = await openList(path);
  try {
    const format = chooseFormat(knownFormats, list.headers);
    const check = rowCheck(format, list.headers);
    const rows: ReadRow[] = [];
    for await (const row of list.rows) rows.push({ ...row, verdict: check(row) });
    return { format: format.name, rows };
  } finally {
    await list.close();
  }
}

export async function readList(content: string | Uint8Array): Promise<{ format: string; rows: ReadRow[] }> {
  const file = aFile(content);
  try {
    return await readListAt(file.path);
  } finally {
    file.remove();
  }
}

/** What became of each row: its policy number, or why it was rejected. */
export async function verdictsOf(content: string | Uint8Array): Promise<[line: number, verdict: string][]> {
  const { rows } = await readList(content);
  return rows.map(({ line, verdict }) => [
    line,
    verdict.kind === 'accepted' ? verdict.term.policyNumber : `${verdict.column}: ${verdict.reason}`,
  ]);
}
