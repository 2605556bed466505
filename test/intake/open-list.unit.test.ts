import { gzipSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { aPendingList, pendingHeaders } from './pending-list.ts';
import { readList, verdictsOf } from './read-list.ts';

const list = aPendingList({ 保单号: 'P1' }, { 保单号: 'P2' });
const accepted = [
  [2, 'P1'],
  [3, 'P2'],
];

// 险种 and 商业险 in GB18030; Node encodes UTF-8 only, so the bytes of the words in use are looked up by decoding.
function gb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const known = new Map<string, number[]>();
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) known.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  }
  return Uint8Array.from(
    Array.from(text).flatMap((c) => (c < '\u0080' ? [c.charCodeAt(0)] : (known.get(c) ?? [0x3f]))),
  );
}

async function workbook(...rows: (string | number | boolean | Date)[][]): Promise<Uint8Array> {
  return writeXlsx({ sheets: [{ name: 'list', rows }] });
}

describe('A list is read', () => {
  test.each([
    ['UTF-8', Buffer.from(list)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${list}`)],
    ['GB18030', gb18030(list)],
    ['gzipped UTF-8', gzipSync(list)],
    ['gzipped GB18030', gzipSync(gb18030(list))],
    ['tabs between the cells', Buffer.from(list.replaceAll(',', '\t'))],
    ['empty lines and cells left by a spreadsheet', Buffer.from(`${list}${','.repeat(25)}\r\n\r\n`)],
  ])('as %s', async (_, bytes) => {
    expect(await verdictsOf(bytes)).toEqual(accepted);
  });

  test('as a workbook with numbers, dates and truth values as a spreadsheet keeps them', async () => {
    const [header = '', sound = ''] = aPendingList({ 保单号: 'P1' }).split('\r\n');
    const cells: (string | number | boolean | Date)[] = sound.split(',');
    cells[pendingHeaders.indexOf('保险起期')] = new Date('2026-03-01T00:00:00Z');
    cells[pendingHeaders.indexOf('保险止期')] = 46446;
    cells[pendingHeaders.indexOf('上年保费')] = 4200.5;
    cells[pendingHeaders.indexOf('短信同意')] = true;
    const { rows } = await readList(await workbook(header.split(','), cells));
    expect(rows[0]?.verdict).toMatchObject({
      kind: 'accepted',
      term: {
        startsOn: '2026-03-01',
        expiresOn: '2027-02-28',
        premium: '4200.50',
        customer: { consent: { sms: true } },
      },
    });
  });
});

describe('A list that was made badly', () => {
  test('may have line separators inside the cells of its workbook', async () => {
    const [header = '', sound = ''] = aPendingList({ 保单号: 'P1', 备注: 'one\u2028two' }).split('\r\n');
    expect(await verdictsOf(await workbook(header.split(','), sound.split(',')))).toEqual([[2, 'P1']]);
  });

  test('may have NUL bytes in a header that nobody reads', async () => {
    const [header = '', sound = ''] = aPendingList({ 保单号: 'P1' }).split('\r\n');
    expect(await verdictsOf(`${header},a\u0000b\r\n${sound}\r\n`)).toEqual([
      [2, 'a b: row has 26 columns instead of 27'],
    ]);
  });
});

describe('A file as a whole is refused', () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x61));

  test.each([
    ['an empty one', Buffer.alloc(0), 'The file is empty.'],
    ['empty lines', Buffer.from('\n\n\n'), 'The file is empty.'],
    ['another text', Buffer.from('name,age\nx,1\n'), 'none of the headers of cn-pending-list, segura-2024'],
    [
      'a list without a column',
      Buffer.from(list.replace('保险止期', '止期')),
      'The list lacks columns of cn-pending-list: 保险止期.',
    ],
    [
      'a header twice',
      Buffer.from(list.replace('险种', '保单号').replace('备注', '险种')),
      'Headers occur twice in the list: 保单号.',
    ],
    [
      'no known encoding',
      Buffer.concat([Buffer.from(list), Buffer.from([0xff, 0xff, 0x0a])]),
      'neither UTF-8 nor GB18030',
    ],
    ['UTF-16', Buffer.from(`\ufeff${list}`, 'utf16le'), 'The file is UTF-16 text.'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'an old .xls or a workbook with a password'],
    ['a damaged workbook', Buffer.from('PK\u0003\u0004 and then nothing'), 'The workbook is damaged'],
    ['half a compressed file', gzipSync(list).subarray(0, 100), 'damaged or was cut off'],
    ['a bomb', bomb, 'unpacks to far more than a list can hold'],
  ])('when it is %s', async (_, bytes, why) => {
    await expect(readList(bytes)).rejects.toThrow(why);
  });

  test('when it is a workbook that claims to be small and is not', async () => {
    const bytes = Buffer.from(await workbook(pendingHeaders, ['x'.repeat(1000)]));
    const sheet = bytes.indexOf('xl/worksheets/sheet1.xml', bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])));
    bytes.writeUInt32LE(0xfffffff0, sheet - 46 + 24);
    await expect(readList(bytes)).rejects.toThrow('unpacks to far more');
  });
});
