import { readClock } from '../db/business-clock.ts';
import { strikeOut } from '../db/results/correct-result.ts';
import type { Correction, StruckOut } from '../db/results/struck-results.ts';
import type { Day } from '../renewal/calendar.ts';
import { RenewalError } from '../renewal/errors.ts';
import type { CaseDeps } from './connect.ts';
import { collectOrphans } from './departures.ts';
import { settleResult, type ResultAnswer } from './record-result.ts';

/**
 * Strikes a mistaken result out and records what replaces it (business.md, Contact results): first the books in one
 * transaction, then the case, then the replacement like any other result. The sweeper brings to its end what broke off.
 */
export async function correctResult(deps: CaseDeps, correction: Correction): Promise<ResultAnswer> {
  const struck = await strike(deps, correction);
  if (struck === 'unsettled') return { kind: 'unavailable', retryAfterSeconds: 5 };
  const corrected = await settleResult(deps, struck.row);
  if (struck.reopened) await collectOrphans(deps, await today(deps));
  if (corrected.kind !== 'applied' || !struck.replacement) return corrected;
  return settleResult(deps, struck.replacement);
}

/** Whoever owned a case that is open again may have left since it closed. */
async function today({ db, calendar }: CaseDeps): Promise<Day> {
  return calendar.dayOf((await readClock(db)).now);
}

async function strike({ db, calendar }: CaseDeps, correction: Correction): Promise<StruckOut | 'unsettled'> {
  try {
    return await db.transaction((tx) => strikeOut(tx, correction, calendar));
  } catch (error) {
    if (error instanceof RenewalError && error.code === 'result-unsettled') return 'unsettled';
    throw error;
  }
}
