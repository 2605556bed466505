import { uuidv7 } from 'uuidv7';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { strikeOut } from '../../src/db/results/correct-result.ts';
import { receiveResult, type NewResult, type ResultRow } from '../../src/db/results/result-records.ts';
import type { Correction, StruckOut } from '../../src/db/results/struck-results.ts';
import type { Book } from './given-book.ts';
import { shanghai } from './given-plan.ts';

/** A result that was recorded and that nobody could tell the case of. */
export function receive(
  book: Book,
  renewalId: string,
  { result, ...more }: Partial<NewResult> & { result: string },
): Promise<ResultRow> {
  const row = { id: uuidv7(), renewalId, kind: 'contact', recordedBy: 'A1', ...more, result } as const;
  return book.db.transaction((tx) => receiveResult(tx, row, shanghai));
}

/** A result that its case has taken. */
export async function apply(
  book: Book,
  renewalId: string,
  said: Partial<NewResult> & { result: string },
): Promise<ResultRow> {
  const row = await receive(book, renewalId, said);
  await book.db.transaction((tx) => applyResult(tx, row, shanghai));
  return row;
}

/** Strikes a result out of the books. */
export function strike(book: Book, row: ResultRow, more: Partial<Correction> = {}): Promise<StruckOut> {
  const correction = { id: uuidv7(), renewalId: row.renewalId, resultId: row.id, reason: 'wrong customer', by: 'S1' };
  return book.db.transaction((tx) => strikeOut(tx, { ...correction, ...more }, shanghai));
}
