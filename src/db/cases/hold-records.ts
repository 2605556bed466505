import { and, eq } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { wallInstant } from '../business-clock.ts';
import { heldUntil, readSituation, type CaseSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { refreshNextAction } from './stage-records.ts';

export type Hold = { id: string; renewalId: string; until: Date; reason: string; by: string };

/** `tellUntil` is the wall instant that the case must hear of, if it still holds; the range is in business instants. */
export type HoldAnswer =
  | { kind: 'held'; tellUntil?: Instant }
  | { kind: 'closed' }
  | { kind: 'out-of-range'; after: Instant; before: Instant };

/**
 * Holds a case until a business instant after now and before it closes (api.md). A running second round pauses: what was
 * left of its time begins again with the end of the hold. The same hold again changes nothing.
 */
export async function holdCase(tx: Db, hold: Hold, calendar: Calendar): Promise<HoldAnswer> {
  const situation = await readSituation(tx, hold.renewalId, calendar);
  const { renewal, clock, plan } = situation;
  const until = hold.until.getTime();
  const tellUntil = wallInstant(clock, until);
  if (await isJournalled(tx, { chain: renewal.id, event: 'held', id: hold.id })) {
    return renewal.heldUntil?.getTime() === until ? { kind: 'held', tellUntil } : { kind: 'held' };
  }
  if (renewal.outcome !== null) return { kind: 'closed' };
  if (until <= clock.now || until >= plan.closesAt) {
    return { kind: 'out-of-range', after: clock.now, before: plan.closesAt };
  }
  const secondRoundDueAt = secondRoundAfter(situation, until);
  const changed = { heldUntil: hold.until, holdReason: hold.reason, secondRoundDueAt };
  await tx.update(renewals).set(changed).where(eq(renewals.id, renewal.id));
  if (secondRoundDueAt) await moveSecondRound(tx, renewal.id, secondRoundDueAt);
  await refreshNextAction(tx, { ...situation, renewal: { ...renewal, ...changed } });
  const inputs = { id: hold.id, until: hold.until.toISOString() };
  await journalise(tx, [{ chain: renewal.id, actor: hold.by, event: 'held', reason: 'asked-by-person', inputs }]);
  return { kind: 'held', tellUntil };
}

function secondRoundAfter({ renewal, clock, plan }: CaseSituation, until: Instant): Date | null {
  if (renewal.secondRoundDueAt === null) return null;
  const left = Math.max(0, renewal.secondRoundDueAt.getTime() - clock.now);
  return new Date(Math.min(until + left, plan.closesAt));
}

async function moveSecondRound(tx: Db, renewalId: string, dueAt: Date): Promise<void> {
  await tx
    .update(tasks)
    .set({ dueAt })
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.kind, 'second-round'), eq(tasks.state, 'open')));
}

export type ResumeAnswer = { kind: 'resumed' | 'closed' | 'not-held' };

/** Ends the hold of a case before its time. The same request again changes nothing. */
export async function resumeCase(
  tx: Db,
  resumed: { id: string; renewalId: string; by: string },
  calendar: Calendar,
): Promise<ResumeAnswer> {
  const situation = await readSituation(tx, resumed.renewalId, calendar);
  const { renewal } = situation;
  if (await isJournalled(tx, { chain: renewal.id, event: 'resumed', id: resumed.id })) return { kind: 'resumed' };
  if (renewal.outcome !== null) return { kind: 'closed' };
  if (heldUntil(situation) === undefined) return { kind: 'not-held' };
  const current = await forgetHold(tx, situation);
  await refreshNextAction(tx, current);
  const inputs = { id: resumed.id };
  await journalise(tx, [{ chain: renewal.id, actor: resumed.by, event: 'resumed', reason: 'asked-by-person', inputs }]);
  return { kind: 'resumed' };
}

/** A hold whose time has come is over in the books as well. */
export async function forgetPassedHold(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal } = situation;
  if (renewal.heldUntil === null || heldUntil(situation) !== undefined) return situation;
  await journalise(tx, [{ chain: renewal.id, actor: 'system', event: 'hold-ended', reason: 'its-time-has-come' }]);
  return forgetHold(tx, situation);
}

async function forgetHold(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const forgotten = { heldUntil: null, holdReason: null };
  await tx.update(renewals).set(forgotten).where(eq(renewals.id, situation.renewal.id));
  return { ...situation, renewal: { ...situation.renewal, ...forgotten } };
}
