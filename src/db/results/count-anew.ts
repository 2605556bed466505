import { and, eq } from 'drizzle-orm';
import { asksForSecondRound, type ContactResult } from '../../renewal/contact-result.ts';
import type { LossReason } from '../../renewal/loss.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import { standingOf, type Standing } from '../../renewal/standing.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { giveBackTasks } from '../tasks/given-back-tasks.ts';
import { liftRefusal } from './lift-refusal.ts';
import type { ResultRow } from './result-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { changeSecondRound, endSecondRound } from '../cases/stage-records.ts';
import { refreshNextAction } from '../cases/next-action-records.ts';
import { readResult } from './struck-results.ts';
import { takeBackWrongNumber } from './wrong-number.ts';
import { dropTasks } from '../tasks/task-records.ts';

/** The facts of an open case from the results that remain; what the struck one had done or taken away comes back. */
export async function countAnew(tx: Db, situation: CaseSituation, struck: ResultRow): Promise<CaseSituation> {
  const { renewal } = situation;
  const standing = await readStanding(tx, situation);
  const facts = factsFrom(standing);
  await tx.update(renewals).set(facts).where(eq(renewals.id, renewal.id));
  let current: CaseSituation = { ...situation, renewal: { ...renewal, ...facts } };
  if (await wasSecondRoundOf(tx, situation, { struck, standing })) {
    current = await endSecondRound(tx, current);
    await dropTasks(tx, { renewalId: renewal.id, reason: 'result-corrected', kinds: ['second-round'] });
  } else if (renewal.secondRoundDueAt !== null && standing.secondRound) {
    current = await changeSecondRound(tx, current, standing.secondRound.reason);
  }
  if (struck.result === 'refused-contact') current = await liftRefusal(tx, current, struck);
  await takeBackWrongNumber(tx, struck, situation.calendar);
  await giveBackTasks(tx, current, struck);
  await refreshNextAction(tx, current);
  return current;
}

async function readStanding(tx: Db, { renewal, clock, stagePlan }: CaseSituation): Promise<Standing> {
  const applied = and(
    eq(contactResults.renewalId, renewal.id),
    eq(contactResults.kind, 'contact'),
    eq(contactResults.state, 'applied'),
  );
  const rows = await tx.select().from(contactResults).where(applied);
  const taken = rows.map((row) => ({
    id: row.id,
    result: row.result as ContactResult,
    stage: (row.stage ?? undefined) as Stage | undefined,
    recordedAt: row.recordedAt.getTime(),
    callBackAt: row.callBackAt?.getTime(),
    lossReason: (row.lossReason ?? undefined) as LossReason | undefined,
  }));
  const stage = (renewal.stage ?? undefined) as Stage | undefined;
  return standingOf(taken, { stage, stageOpenedAt: renewal.stageOpenedAt?.getTime(), now: clock.now, stagePlan });
}

function factsFrom({ confirmedAt, attempts, resultCounted, callBackAt, refusedContactAt }: Standing) {
  const date = (instant: number | undefined) => (instant === undefined ? null : new Date(instant));
  return {
    confirmedAt: date(confirmedAt),
    attempts,
    resultCounted,
    callBackAt: date(callBackAt),
    refusedContactAt: date(refusedContactAt),
  };
}

/** Only one second round runs at a time; it is about the last result that asked for one. */
async function wasSecondRoundOf(
  tx: Db,
  { renewal }: CaseSituation,
  { struck, standing }: { struck: ResultRow; standing: Standing },
): Promise<boolean> {
  if (renewal.secondRoundDueAt === null || !asksForSecondRound(struck.result as ContactResult)) return false;
  const last = standing.secondRound && (await readResult(tx, standing.secondRound.of));
  return last === undefined || last.recordedAt < struck.recordedAt;
}
