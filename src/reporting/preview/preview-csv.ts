import { stringify } from 'csv-stringify/sync';
import type { PreviewItem } from './preview-item.ts';

// Excel takes a CSV without this mark for the encoding of its country.
const byteOrderMark = '\ufeff';

const rowsAtATime = 500;

const headers = [
  'renewalId',
  'branchId',
  'ownerId',
  'stageBefore',
  'stageAfter',
  'pauses',
  'nextBefore',
  'nextBeforeAt',
  'nextAfter',
  'nextAfterAt',
  'when',
  'nudge',
  'messages',
  'journey',
  'tasks',
];

/**
 * The cases of a preview as a CSV, one line each, as they are read. Cells that a spreadsheet would run as a formula are
 * escaped with an apostrophe.
 */
export async function* previewCsv(items: AsyncIterable<PreviewItem>): AsyncGenerator<string> {
  yield byteOrderMark + csv([headers]);
  let rows: string[][] = [];
  for await (const item of items) {
    rows.push(cellsOf(item));
    if (rows.length < rowsAtATime) continue;
    yield csv(rows);
    rows = [];
  }
  yield csv(rows);
}

function cellsOf(item: PreviewItem): string[] {
  const { nextBefore, nextAfter } = item;
  return [
    item.renewalId,
    item.branchId,
    item.ownerId ?? '',
    item.stageBefore ?? '',
    item.stageAfter ?? '',
    said(item.pauses),
    nextBefore.what,
    nextBefore.at.toISOString(),
    nextAfter.what,
    nextAfter.at.toISOString(),
    item.when,
    said(item.nudge),
    item.messages.map(changeOf(({ touch, channel }) => `${touch}/${channel}`)).join('; '),
    item.journey.map(changeOf(({ touch, channel }) => `${touch}/${channel}`)).join('; '),
    item.tasks.map(changeOf(({ kind, occasion }) => `${kind}/${occasion}`)).join('; '),
  ];
}

type Change = { change: string; from: Date | null; to: Date | null };

function changeOf<One extends Change>(name: (one: One) => string) {
  return (one: One): string => {
    const from = one.from ? ` from ${one.from.toISOString()}` : '';
    const to = one.to ? ` to ${one.to.toISOString()}` : '';
    return `${one.change} ${name(one)}${from}${to}`;
  };
}

function said(is: boolean): string {
  return is ? 'yes' : 'no';
}

function csv(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: '\r\n' });
}
