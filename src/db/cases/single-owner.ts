import { and, eq, inArray } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { explain } from '../../renewal/explanation.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { decidingIn, readSituation } from './case-situation.ts';
import { refreshNextActions } from './next-action-records.ts';
import type { Db } from '../connection.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { journalise } from '../journal/journal-records.ts';
import { changeOwner } from './owner-records.ts';
import { movedEntries } from '../tasks/moved-tasks.ts';
import { handoverItems } from '../schema/handovers.ts';
import { renewals } from '../schema/renewals.ts';

export type OwnerChange = { id: string; renewalId: string; ownerId: string; by: string };

/**
 * Gives one case another owner (api.md); its open tasks and its team follow. The same request again changes nothing.
 * Throws `renewal-unknown`, `case-closed`, and `owner-undecided` while a hand-over decides about the case.
 */
export async function giveToOwner(tx: Db, change: OwnerChange, calendar: Calendar): Promise<void> {
  const situation = await readSituation(tx, change.renewalId, calendar);
  const { renewal } = situation;
  const { id, ownerId, by } = change;
  if (await isJournalled(tx, { chain: renewal.id, event: 'owner-changed', id })) return;
  if (renewal.outcome !== null) throw new RenewalError('case-closed', 'The case has closed.');
  if (await isUndecided(tx, renewal.id)) {
    throw new RenewalError('owner-undecided', 'The case waits in the hand-over of an agent who left; decide there.');
  }
  const moved = await changeOwner(tx, [renewal.id], ownerId);
  await refreshNextActions(tx, [renewal.id], calendar);
  const reason = 'asked-by-person';
  const facts = { ownerId, from: renewal.ownerId };
  const inputs = { id, ...facts, ...explain(reason, { step: 'owner', ...facts, by }, decidingIn(situation)) };
  const entry = { chain: renewal.id, actor: by, event: 'owner-changed', reason, inputs };
  await journalise(tx, [entry, ...movedEntries(moved, { calendar, now: situation.clock.now })]);
}

/** The branch that a case belongs to for good. */
export async function branchOfCase(db: Db, renewalId: string): Promise<string | undefined> {
  const [row] = await db.select({ branchId: renewals.branchId }).from(renewals).where(eq(renewals.id, renewalId));
  return row?.branchId;
}

async function isUndecided(tx: Db, renewalId: string): Promise<boolean> {
  const waiting = and(eq(handoverItems.renewalId, renewalId), inArray(handoverItems.state, ['undecided', 'offered']));
  return (await tx.$count(handoverItems, waiting)) > 0;
}
