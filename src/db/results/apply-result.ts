import { and, eq, inArray, sql } from 'drizzle-orm';
import {
  countsIn,
  isAttempt,
  isEffectiveContact,
  type ContactResult,
  type SecondRoundOutcome,
} from '../../renewal/contact-result.ts';
import type { Calendar } from '../../renewal/calendar.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import type { TaskKind } from '../../renewal/task.ts';
import { lockCasesOfResult } from '../cases/case-locks.ts';
import type { Db } from '../connection.ts';
import { readPlanOfCase } from '../cases/plan-records.ts';
import { refreshNextActions } from '../cases/next-action-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { followPhoneAttempt } from '../tasks/phone-attempts.ts';
import { refuseContact } from './refuse-contact.ts';
import type { ResultRow } from './result-records.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { followWrongNumber } from './wrong-number.ts';
import { completeTasks } from '../tasks/task-records.ts';

const contactTasks: readonly TaskKind[] = [
  'first-contact',
  'phone-attempt',
  'coaching',
  'call-back',
  'call-centre-case',
];
const acceptanceTasks: readonly TaskKind[] = ['accept-entry', 'accept-reminder'];

/** Writes what follows from a result that its case has taken; a second time changes nothing. */
export async function applyResult(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  await lockCasesOfResult(tx, { renewalId: row.renewalId, results: [row.result] });
  if (!(await markApplied(tx, row))) return;
  const result = row.result as ContactResult;
  const reached = isEffectiveContact(result);
  const confirmed = reached || result === 'confirmed';
  const { plan } = await readPlanOfCase(tx, row.renewalId);
  await tx
    .update(renewals)
    .set({
      ...(confirmed ? { confirmedAt: sql`coalesce(${renewals.confirmedAt}, ${row.recordedAt.toISOString()})` } : {}),
      attempts: sql`${renewals.attempts} + ${isAttempt(result) ? 1 : 0}`,
      ...(row.callBackAt ? callBack(row, row.callBackAt) : {}),
      ...(countsIn(plan, (row.stage ?? 'preparation') as Stage, result) ? { resultCounted: countedIfStill(row) } : {}),
    })
    .where(eq(renewals.id, row.renewalId));
  const done = [...(confirmed ? acceptanceTasks : []), ...(reached ? contactTasks : [])];
  if (done.length > 0)
    await completeTasks(tx, { renewalId: row.renewalId, kinds: done, by: row.recordedBy, resultId: row.id });
  await followPhoneAttempt(tx, row, calendar);
  await followWrongNumber(tx, row, calendar);
  if (result === 'refused-contact') await refuseContact(tx, row, calendar);
  await refreshNextActions(tx, [row.renewalId], calendar);
  await journalise(tx, [entryOf(row, `result:${result}`, row.lossReason ?? 'recorded')]);
}

export async function applySecondRound(tx: Db, row: ResultRow): Promise<void> {
  await lockCasesOfResult(tx, { renewalId: row.renewalId, results: [row.result] });
  if (!(await markApplied(tx, row))) return;
  const outcome = row.result as SecondRoundOutcome;
  await completeTasks(tx, { renewalId: row.renewalId, kinds: ['second-round'], by: row.recordedBy, resultId: row.id });
  await journalise(tx, [entryOf(row, `second-round:${outcome}`, 'supervisor-decided')]);
}

async function markApplied(tx: Db, row: ResultRow): Promise<boolean> {
  const changed = await tx
    .update(contactResults)
    .set({ state: 'applied' })
    .where(and(eq(contactResults.id, row.id), inArray(contactResults.state, ['received'])))
    .returning({ id: contactResults.id });
  return changed.length > 0;
}

/** The newest promise is the call-back to come, unless its time came before this. */
function callBack({ renewalId }: ResultRow, at: Date) {
  const written = at.toISOString();
  const isAssigned = sql`exists (select 1 from tasks where key = ${`${renewalId}/call-back/${written}`})`;
  return { callBackAt: sql`case when ${isAssigned} then ${renewals.callBackAt} else ${written}::timestamptz end` };
}

/** A result counts for the stage it was recorded in, preparation before any opened; the next one may have opened meanwhile. */
function countedIfStill(row: ResultRow) {
  return sql`${renewals.resultCounted} or coalesce(${renewals.stage}, 'preparation') = ${row.stage ?? 'preparation'}`;
}

function entryOf(row: ResultRow, event: string, reason: string) {
  return { chain: row.renewalId, actor: row.recordedBy, event, reason, inputs: { resultId: row.id, stage: row.stage } };
}
