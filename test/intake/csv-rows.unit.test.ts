import { describe, expect, test } from 'vitest';
import { csvRows, findDelimiter } from '../../src/intake/csv-rows.ts';
import type { ListRow } from '../../src/intake/list-row.ts';
import { textLines } from '../../src/intake/text-lines.ts';

async function rowsOf(...pieces: string[]): Promise<ListRow[]> {
  const source = (async function* () {
    yield* pieces;
  })();
  const rows: ListRow[] = [];
  for await (const row of csvRows(textLines(source), ',')) rows.push(row);
  return rows;
}

describe('Rows of a CSV text', () => {
  test('keep the line of the file when a quoted cell breaks over lines', async () => {
    const rows = await rowsOf('a,b\n"one\ntwo",2\n"say ""hi""\n\nthere",3\nx,4\n');
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['one\ntwo', '2'] },
      { line: 4, cells: ['say "hi"\n\nthere', '3'] },
      { line: 7, cells: ['x', '4'] },
    ]);
  });

  test('are the same however the text was cut into pieces', async () => {
    const text = 'a,b\r\n"one\r\ntwo",2\r\nx,4';
    expect(await rowsOf(...text.split(''))).toEqual(await rowsOf(text));
  });

  test('behind a lone quote are read as if it were not there', async () => {
    const rows = await rowsOf('a,b\n1,"torn\n2,fine\n3,fine\n');
    expect(rows.slice(1)).toEqual([
      { line: 2, cells: ['1', '"torn'], flaw: { place: 1, problem: 'has a lone quote' } },
      { line: 3, cells: ['2', 'fine'] },
      { line: 4, cells: ['3', 'fine'] },
    ]);
  });

  test('between two lone quotes are not swallowed', async () => {
    const rows = await rowsOf('a,b\n1,"torn\n2,fine\n3,"torn\n4,fine\n');
    expect(rows.map(({ line, flaw }) => [line, flaw !== undefined])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, true],
      [5, false],
    ]);
  });

  test('may carry a quote inside a text, as inches do', async () => {
    expect((await rowsOf('a,b\n1,19" rims\n2,x\n'))[1]).toEqual({ line: 2, cells: ['1', '19" rims'] });
  });

  test('are cut where the headers say', () => {
    expect(['a;b;c', 'a,b;c,d', 'a\tb'].map(findDelimiter)).toEqual([';', ',', '\t']);
  });

  test('without an end are refused before they fill the memory', async () => {
    const endless = Array.from({ length: 20 }, () => 'x'.repeat(100_000));
    await expect(rowsOf(...endless)).rejects.toThrow('Line 1 is too long');
  });
});
