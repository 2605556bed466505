import type { Db } from '../db/connection.ts';
import { findOutOfBounds } from '../db/imports/import-bounds.ts';
import { findPassedExpiries } from '../db/imports/passed-expiries.ts';
import { addRejections, describeImport, type ImportCounts, type Rejection } from '../db/imports/import-records.ts';
import { createStage, indexStage, stageTerms, type StagedTerm } from '../db/imports/staged-term-records.ts';
import type { Day } from '../renewal/calendar.ts';
import { knownFormats } from './formats/known-formats.ts';
import type { ListFormat } from './list-format.ts';
import { chooseFormat } from './list-header.ts';
import type { ListRow } from './list-row.ts';
import { fileSha256, openList, type OpenedList } from './open-list.ts';
import {
  cellsToMend,
  duplicateProblem,
  outOfBoundsProblem,
  passedExpiryProblem,
  rowCheck,
  type RowProblem,
} from './row-check.ts';

const rowsAtATime = 500;

/** Tells how far the import is, now and then or at once. */
export type Progress = (when?: 'at-once') => Promise<void>;

export type Staging = { db: Db; stage: Db; counts: ImportCounts; progress: Progress };

type StageRequest = { importId: string; path: string; format?: string; branches?: readonly string[]; today: Day };

/** Reads and checks a list, stages what is accepted, records what is rejected, and counts both. */
export async function stageList(staging: Staging, request: StageRequest): Promise<void> {
  const list = await openList(request.path);
  try {
    const format = chooseFormat(knownFormats, list.headers, request.format);
    const sha256 = await fileSha256(request.path);
    await describeImport(staging.db, request.importId, { format: format.name, fileSha256: sha256 });
    await createStage(staging.stage);
    await stageRows(staging, { ...request, list, format });
    await staging.progress('at-once');
    await indexStage(staging.stage);
  } finally {
    await list.close();
  }
}

type StagedList = Omit<StageRequest, 'format'> & { list: OpenedList; format: ListFormat };

async function stageRows(
  { db, stage, counts, progress }: Staging,
  { list, format, importId, branches, today }: StagedList,
): Promise<void> {
  const check = checkBatch(format, list.headers);
  const duplicate = duplicateProblem(format);
  for await (const rows of batches(list.rows)) {
    const { accepted: readable, rejected, rejectLine } = check(rows);
    const outside = branches ? await findOutOfBounds(db, readable, branches) : [];
    for (const { line, field } of outside) rejected.push(rejectLine(line, outOfBoundsProblem(format, field)));
    const inside = readable.filter(({ line }) => !outside.some((row) => row.line === line));
    const passed = await findPassedExpiries(db, inside, today);
    for (const line of passed) rejected.push(rejectLine(line, passedExpiryProblem(format)));
    const accepted = inside.filter(({ line }) => !passed.includes(line));
    const staged = await stageTerms(stage, accepted);
    for (const { line } of accepted) if (!staged.has(line)) rejected.push(rejectLine(line, duplicate));
    await addRejections(db, importId, rejected);
    counts.rows += rows.length;
    counts.accepted += staged.size;
    counts.rejected += rejected.length;
    await progress();
  }
}

type CheckedBatch = {
  accepted: StagedTerm[];
  rejected: Rejection[];
  /** A line that was readable, and is not taken for another reason. */
  rejectLine: (line: number, problem: RowProblem) => Rejection;
};

function checkBatch(format: ListFormat, headers: string[]): (rows: ListRow[]) => CheckedBatch {
  const check = rowCheck(format, headers);
  const toMend = cellsToMend(format, headers);
  return (rows) => {
    const accepted: StagedTerm[] = [];
    const rejected: Rejection[] = [];
    const byLine = new Map(rows.map((row) => [row.line, row]));
    for (const row of rows) {
      const verdict = check(row);
      if (verdict.kind === 'accepted') accepted.push({ line: row.line, ...verdict });
      else rejected.push({ line: row.line, column: verdict.column, reason: verdict.reason, row: toMend(row) });
    }
    const rejectLine = (line: number, problem: RowProblem): Rejection => {
      const row = byLine.get(line);
      return { line, ...problem, row: row ? toMend(row) : [] };
    };
    return { accepted, rejected, rejectLine };
  };
}

async function* batches<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < rowsAtATime) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
