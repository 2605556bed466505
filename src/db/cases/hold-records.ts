import { and, eq, lt } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { explain, iso } from '../../renewal/explanation.ts';
import type { Notice } from '../../renewal/case-notice.ts';
import { wallInstant } from '../business-clock.ts';
import { decidingIn, heldUntil, readSituation, type CaseSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { journalise } from '../journal/journal-records.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { refreshNextAction } from './next-action-records.ts';

const forgotten = { heldUntil: null, holdReason: null };

export type Hold = { id: string; renewalId: string; until: Date; reason: string; by: string };

/** The range is in business instants. */
export type HoldAnswer =
  { kind: 'held' } | { kind: 'closed' } | { kind: 'out-of-range'; after: Instant; before: Instant };

/**
 * Holds a case until a business instant after now and before it closes (api.md). A running second round pauses: what was
 * left of its time begins again with the end of the hold. The same hold again changes nothing.
 */
export async function holdCase(tx: Db, hold: Hold, calendar: Calendar): Promise<HoldAnswer> {
  const situation = await readSituation(tx, hold.renewalId, calendar);
  const { renewal, clock, plan } = situation;
  const until = hold.until.getTime();
  if (await isJournalled(tx, { chain: renewal.id, event: 'held', id: hold.id })) return { kind: 'held' };
  if (renewal.outcome !== null) return { kind: 'closed' };
  if (until <= clock.now || until >= plan.closesAt) {
    return { kind: 'out-of-range', after: clock.now, before: plan.closesAt };
  }
  const secondRoundDueAt = secondRoundAfter(situation, until);
  const held = { heldUntil: hold.until, holdReason: hold.reason, secondRoundDueAt };
  await refreshNextAction(tx, await decideHold(tx, situation, held));
  const reason = 'asked-by-person';
  const facts = { until: iso(until), closesAt: iso(plan.closesAt), secondRoundDueAt };
  const inputs = {
    id: hold.id,
    until: iso(until),
    ...explain(reason, { step: 'hold', ...facts }, decidingIn(situation)),
  };
  await journalise(tx, [{ chain: renewal.id, actor: hold.by, event: 'held', reason, inputs }]);
  return { kind: 'held' };
}

type HoldOfRow = Pick<CaseSituation['renewal'], 'heldUntil' | 'holdReason' | 'secondRoundDueAt'>;

async function decideHold(tx: Db, situation: CaseSituation, hold: HoldOfRow): Promise<CaseSituation> {
  const { renewal } = situation;
  const changed = { ...hold, holdRevision: renewal.holdRevision + 1 };
  await tx.update(renewals).set(changed).where(eq(renewals.id, renewal.id));
  if (hold.secondRoundDueAt) await moveSecondRound(tx, renewal.id, hold.secondRoundDueAt);
  return { ...situation, renewal: { ...renewal, ...changed } };
}

/** A second round stands still while its case is held: what was left of it goes on from an instant. */
function secondRoundAfter(situation: CaseSituation, goesOnAt: Instant): Date | null {
  const { renewal, clock, plan } = situation;
  if (renewal.secondRoundDueAt === null) return null;
  const left = Math.max(0, renewal.secondRoundDueAt.getTime() - (heldUntil(situation) ?? clock.now));
  return new Date(Math.min(goesOnAt + left, plan.closesAt));
}

/** Another plan closes the case before its second round would end: that ends with the case, and its workflow has to hear of it. */
export async function shortenRound(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal, plan } = situation;
  const { heldUntil: until, holdReason, secondRoundDueAt } = renewal;
  if (secondRoundDueAt === null || secondRoundDueAt.getTime() <= plan.closesAt) return situation;
  return decideHold(tx, situation, { heldUntil: until, holdReason, secondRoundDueAt: new Date(plan.closesAt) });
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
  const { renewal, clock } = situation;
  if (await isJournalled(tx, { chain: renewal.id, event: 'resumed', id: resumed.id })) return { kind: 'resumed' };
  if (renewal.outcome !== null) return { kind: 'closed' };
  if (heldUntil(situation) === undefined) return { kind: 'not-held' };
  const resumes = { ...forgotten, secondRoundDueAt: secondRoundAfter(situation, clock.now) };
  await refreshNextAction(tx, await decideHold(tx, situation, resumes));
  const reason = 'asked-by-person';
  const facts = { step: 'resume', heldUntil: renewal.heldUntil, secondRoundDueAt: resumes.secondRoundDueAt };
  const inputs = { id: resumed.id, ...explain(reason, facts, decidingIn(situation)) };
  await journalise(tx, [{ chain: renewal.id, actor: resumed.by, event: 'resumed', reason, inputs }]);
  return { kind: 'resumed' };
}

/** A hold whose time has come is over in the books as well. */
export async function forgetPassedHold(tx: Db, situation: CaseSituation): Promise<CaseSituation> {
  const { renewal } = situation;
  if (renewal.heldUntil === null || heldUntil(situation) !== undefined) return situation;
  const reason = 'its-time-has-come';
  const facts = { step: 'hold-end', heldUntil: renewal.heldUntil, closesAt: iso(situation.plan.closesAt) };
  const inputs = { ...explain(reason, { ...facts, toleranceMs: situation.tolerance }, decidingIn(situation)) };
  await journalise(tx, [{ chain: renewal.id, actor: 'system', event: 'hold-ended', reason, inputs }]);
  await tx.update(renewals).set(forgotten).where(eq(renewals.id, renewal.id));
  return { ...situation, renewal: { ...renewal, ...forgotten } };
}

/** How the hold of a case stands, in wall instants, as long as its workflow has not been told; undefined once it has. */
export async function untoldHold(
  tx: Db,
  renewalId: string,
  calendar: Calendar,
): Promise<{ revision: number; notice: Notice } | undefined> {
  const { renewal, clock } = await readSituation(tx, renewalId, calendar);
  const { holdRevision: revision, toldHoldRevision, heldUntil: until, secondRoundDueAt, outcome } = renewal;
  if (revision === toldHoldRevision || outcome !== null) return undefined;
  const dueAt = secondRoundDueAt && wallInstant(clock, secondRoundDueAt.getTime());
  const told = { key: `hold.${revision}`, revision, ...(dueAt === null ? {} : { secondRoundDueAt: dueAt }) };
  if (until === null) return { revision, notice: { ...told, kind: 'resumed' } };
  return { revision, notice: { ...told, kind: 'held', until: wallInstant(clock, until.getTime()) } };
}

/** The workflow of a case has been told of its hold up to this revision. */
export async function noteHoldTold(db: Db, renewalId: string, revision: number): Promise<void> {
  const behind = and(eq(renewals.id, renewalId), lt(renewals.toldHoldRevision, revision));
  await db.update(renewals).set({ toldHoldRevision: revision }).where(behind);
}
