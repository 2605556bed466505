import type { Calendar } from '../../renewal/calendar.ts';
import { refuseResult } from '../../renewal/case-refusal.ts';
import { newCase } from '../../renewal/case-state.ts';
import type { ContactResult } from '../../renewal/contact-result.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { lockCasesOfResult } from '../cases/case-locks.ts';
import { readSituation, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { correctBooks } from './correct-books.ts';
import { countAnew } from './count-anew.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { mayReopen, reopenCase } from './reopen-case.ts';
import { receiveResult, type ResultRow } from './result-records.ts';
import { factsOf } from '../cases/stage-records.ts';
import {
  lockResult,
  markStruck,
  readResult,
  replacementOf,
  requireCorrectable,
  type Correction,
  type Striking,
  type StruckOut,
} from './struck-results.ts';

/**
 * Strikes a mistaken result out (business.md, Contact results): the entry stays, marked; in an open case everything that
 * followed from it is counted anew; a closed one is opened again where there is time left, else its books change with what
 * replaces it. The same correction again changes nothing. Throws `renewal-unknown`, `result-unknown`, `result-unsettled`, `result-not-correctable` and
 * `correction-needs-outcome`, and what a case refuses of the replacement.
 */
export async function strikeOut(tx: Db, correction: Correction, calendar: Calendar): Promise<StruckOut> {
  const mistaken = await readResult(tx, correction.resultId);
  const results = [mistaken?.result, correction.replacement?.result];
  await lockCasesOfResult(tx, { renewalId: correction.renewalId, results });
  const situation = await readSituation(tx, correction.renewalId, calendar);
  const row = await lockResult(tx, correction);
  const known = { chain: correction.renewalId, event: 'result-corrected', id: correction.id };
  if (await isJournalled(tx, known)) return { row, replacement: await readResult(tx, correction.id) };
  requireCorrectable(row);
  const striking = { row, correction };
  const isClosed = situation.renewal.outcome !== null;
  if (isClosed && !(await mayReopen(tx, situation, striking))) return correctBooks(tx, situation, striking);
  const struck = isClosed ? await reopen(tx, situation, striking) : await strikeOutOfOpenCase(tx, situation, striking);
  const replacement = replacementOf(correction);
  const received = replacement && (await receiveResult(tx, replacement, calendar));
  return { row: struck, replacement: received, ...(isClosed ? { reopened: true } : {}) };
}

async function reopen(tx: Db, situation: CaseSituation, striking: Striking): Promise<ResultRow> {
  const { struck, current } = await reopenCase(tx, situation, striking);
  const { replacement } = striking.correction;
  if (replacement) requireTaken(current, replacement.result as ContactResult);
  return struck;
}

async function strikeOutOfOpenCase(tx: Db, situation: CaseSituation, { row, correction }: Striking) {
  if (row.kind !== 'contact') {
    throw new RenewalError(
      'result-not-correctable',
      'The second round of an open case is not corrected but decided anew.',
    );
  }
  const struck = await markStruck(tx, situation, { row, correction, state: 'correcting' });
  const current = await countAnew(tx, situation, struck);
  if (correction.replacement) requireTaken(current, correction.replacement.result as ContactResult);
  return struck;
}

/** A replacement that the case would refuse takes the whole correction back. */
function requireTaken(situation: CaseSituation, result: ContactResult): void {
  const state = newCase({ opensAt: 0, planVersion: situation.planVersion, carried: factsOf(situation) });
  const refusal = refuseResult(state, result);
  if (refusal) throw new RenewalError(refusal.code, refusal.message);
}
