import { and, desc, eq, gte, inArray, or } from 'drizzle-orm';
import { dayMs, type Calendar } from '../../renewal/calendar.ts';
import { isAfterTheFact } from '../../renewal/after-the-fact.ts';
import { asksForCallBack, isEffectiveContact, type ContactResult } from '../../renewal/contact-result.ts';
import type { Outcome } from '../../renewal/loss.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import { lockCasesOfResult } from '../cases/case-locks.ts';
import { readSituation, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { doubtNewNumber } from './new-number.ts';
import { refuseContactLate } from './refuse-contact.ts';
import { contactResults } from '../schema/contact-results.ts';
import { renewals } from '../schema/renewals.ts';
import { outcomeOf } from '../cases/stage-records.ts';

export type ResultRow = typeof contactResults.$inferSelect;

/** A result as it was recorded; the id is the caller's and the same in every retry. Money is a decimal string. */
export type NewResult = {
  id: string;
  renewalId: string;
  kind: 'contact' | 'second-round';
  result: string;
  recordedBy: string;
  note?: string | undefined;
  callBackAt?: Date | undefined;
  newPolicyNumber?: string | undefined;
  lossReason?: string | undefined;
  rival?: string | undefined;
  rivalPremium?: string | undefined;
  channel?: string | undefined;
  evidence?: string | undefined;
  evidenceKind?: string | undefined;
  evidenceReference?: string | undefined;
  /** When the contact took place; entered as it happened when it is not said. */
  occurredAt?: Date | undefined;
  script?: string[] | undefined;
  closing?: string[] | undefined;
  correctsId?: string | undefined;
};

/** Keeps a result before anybody acts on it; a closed case keeps it as late. Throws `renewal-unknown`. */
export async function receiveResult(tx: Db, result: NewResult, calendar: Calendar): Promise<ResultRow> {
  const [known] = await tx.select().from(contactResults).where(eq(contactResults.id, result.id));
  if (known) return known;
  await lockCasesOfResult(tx, { renewalId: result.renewalId, results: [result.result] });
  const situation = await readSituation(tx, result.renewalId, calendar);
  const late = situation.renewal.outcome !== null;
  const stored = await storeResult(tx, situation, { ...result, state: late ? 'late' : 'received' });
  if (late) await keepLate(tx, stored, calendar);
  else await doubtNewNumber(tx, situation, stored);
  return stored;
}

/** Writes a result with what follows from the moment it is recorded; `early` is known only for a corrected close. */
export async function storeResult(
  tx: Db,
  situation: CaseSituation,
  result: NewResult & { state: string; early?: boolean },
): Promise<ResultRow> {
  const row = { ...derived(situation, result), ...result, callBackAt: callBackOf(situation, result) };
  return onlyRow(await tx.insert(contactResults).values(row).returning());
}

/** Nobody is called back once the case has closed: a default that would come after it is none. */
function callBackOf({ clock, plan }: CaseSituation, result: NewResult): Date | null {
  if (result.kind !== 'contact' || !asksForCallBack(result.result as ContactResult)) return null;
  const tomorrow = clock.now + dayMs;
  return result.callBackAt ?? (tomorrow < plan.closesAt ? new Date(tomorrow) : null);
}

function derived(situation: CaseSituation, result: NewResult) {
  const { clock, plan, renewal } = situation;
  return {
    recordedAt: new Date(clock.now),
    stage: renewal.stage,
    early: result.result === 'renewed' && clock.now < plan.bindOpensAt,
    afterTheFact: isAfterTheFact(
      {
        occurredAt: result.occurredAt?.getTime(),
        recordedAt: clock.now,
        isEffective: result.kind === 'contact' && isEffectiveContact(result.result as ContactResult),
      },
      plan,
    ),
  };
}

export async function markRefused(tx: Db, row: ResultRow, refusal: { code: string; message: string }): Promise<void> {
  await tx
    .update(contactResults)
    .set({ state: 'refused', refusal: refusal.code, refusalDetail: refusal.message })
    .where(eq(contactResults.id, row.id));
  await journalise(tx, [
    {
      chain: row.renewalId,
      actor: row.recordedBy,
      event: `result-refused:${row.result}`,
      reason: refusal.code,
      inputs: { resultId: row.id },
    },
  ]);
}

export async function markLate(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  await lockCasesOfResult(tx, { renewalId: row.renewalId, results: [row.result] });
  await tx.update(contactResults).set({ state: 'late' }).where(eq(contactResults.id, row.id));
  await keepLate(tx, row, calendar);
}

async function keepLate(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  if (row.result === 'refused-contact') await refuseContactLate(tx, row, calendar);
  const event = `late-result:${row.result}`;
  const inputs = { resultId: row.id };
  await journalise(tx, [{ chain: row.renewalId, actor: row.recordedBy, event, reason: 'case-closed', inputs }]);
}

/** What was recorded about a case and has not reached the end of its way. */
export function receivedResults(db: Db, renewalId: string): Promise<ResultRow[]> {
  return db
    .select()
    .from(contactResults)
    .where(and(eq(contactResults.renewalId, renewalId), eq(contactResults.state, 'received')));
}

/** The newest result that a person renewed a case with, if one did and nobody struck it out. */
export async function renewingResult(db: Db, renewalId: string): Promise<string | undefined> {
  const isOfCase = and(eq(contactResults.renewalId, renewalId), eq(contactResults.result, 'renewed'));
  const [row] = await db
    .select({ id: contactResults.id })
    .from(contactResults)
    .where(and(isOfCase, inArray(contactResults.state, ['received', 'applied'])))
    .orderBy(desc(contactResults.recordedAt))
    .limit(1);
  return row?.id;
}

/** The book in which a case lies, undefined while it is open. */
export async function readOutcome(db: Db, renewalId: string): Promise<Outcome | undefined> {
  const [row] = await db.select().from(renewals).where(eq(renewals.id, renewalId));
  return row && outcomeOf(row);
}

/** The contact results that count for a case which were received in one of its stages. */
export async function resultsTakenIn(tx: Db, renewalId: string, stage: Stage): Promise<ContactResult[]> {
  const rows = await tx
    .select({ result: contactResults.result })
    .from(contactResults)
    .where(
      and(
        eq(contactResults.renewalId, renewalId),
        eq(contactResults.kind, 'contact'),
        eq(contactResults.state, 'applied'),
        eq(contactResults.stage, stage),
      ),
    );
  return rows.map(({ result }) => result as ContactResult);
}

/** The contact results since an instant that have yet to reach their case, or that count for it and were received in one stage. */
export async function resultsRecordedSince(
  tx: Db,
  renewalId: string,
  { stage, since }: { stage: Stage; since: Date },
): Promise<ContactResult[]> {
  const isOfStage = and(eq(contactResults.state, 'applied'), eq(contactResults.stage, stage));
  const rows = await tx
    .select({ result: contactResults.result })
    .from(contactResults)
    .where(
      and(
        eq(contactResults.renewalId, renewalId),
        eq(contactResults.kind, 'contact'),
        or(eq(contactResults.state, 'received'), isOfStage),
        gte(contactResults.recordedAt, since),
      ),
    );
  return rows.map(({ result }) => result as ContactResult);
}
