import { eq, inArray } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { explain } from '../../renewal/explanation.ts';
import { spreadOrphans, type Colleague, type NewOwner } from '../../renewal/new-owner.ts';
import { afterNoAcceptance, type OrphanStep, type ReceivingChannel } from '../../renewal/orphan.ts';
import { colleaguesOf } from '../tasks/colleague-records.ts';
import { movedEntries } from '../tasks/moved-tasks.ts';
import type { Db } from '../connection.ts';
import {
  entriesOfItems,
  journaliseItems,
  updateItems,
  type HandoverItem,
  type HandoverRow,
} from './handover-records.ts';
import { assignHandoverTask, decisionTimeOf } from './handover-task.ts';
import { readClock } from '../business-clock.ts';
import { planVersionsOf } from '../cases/plan-versions.ts';
import { changeOwner } from '../cases/owner-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { handovers } from '../schema/handovers.ts';
import { renewals } from '../schema/renewals.ts';

/** Gives cases the new owner whom the supervisor named, who may be the supervisor. */
export async function assignOwner(
  tx: Db,
  items: readonly HandoverItem[],
  { id: ownerId, decidedBy, calendar }: { id: string; decidedBy: string; calendar: Calendar },
): Promise<void> {
  const { now } = await readClock(tx);
  const versions = await planVersionsOf(tx, casesOf(items));
  const facts = { step: 'owner', ownerId, by: decidedBy };
  const entryOf = ({ renewalId }: HandoverItem) => ({
    actor: decidedBy,
    reason: 'hand-over',
    inputs: { ...explain('hand-over', facts, { planVersion: versions.get(renewalId) ?? null, calendar, now }) },
  });
  await assign(tx, items, { ownerId, entryOf, calendar, now });
}

/** Gives each case the owner that the rule finds; answers the items for which there is nobody. */
export async function assignByRule(
  tx: Db,
  handover: HandoverRow,
  spread: { items: readonly HandoverItem[]; decidedBy: string; calendar: Calendar },
): Promise<HandoverItem[]> {
  const { items, decidedBy, calendar } = spread;
  const { now, ...found } = await colleaguesOf(tx, handover, calendar);
  const orphans = await orphansOf(tx, items);
  const versions = await planVersionsOf(tx, casesOf(items));
  const assignments = spreadOrphans(orphans, found);
  const byCase = new Map(assignments.map((one) => [one.renewalId, one]));
  const teams = new Map(orphans.map(({ renewalId, teamId }) => [renewalId, teamId]));
  const entryFor = ({ renewalId, rule, openCases, candidates }: NewOwner) => {
    const among = { colleagues: found.colleagues.length, openCases };
    const place = { role: found.role, teamId: teams.get(renewalId) ?? null };
    const facts = { step: 'owner', ...place, ...among, candidates: shownOf(candidates) };
    const deciding = { planVersion: versions.get(renewalId) ?? null, calendar, now };
    return { actor: decidedBy, reason: rule, inputs: { ...place, ...among, ...explain(rule, facts, deciding) } };
  };
  for (const [ownerId, own] of Map.groupBy(assignments, (one) => one.ownerId)) {
    const ids = new Set(own.map(({ renewalId }) => renewalId));
    const theirs = items.filter(({ renewalId }) => ids.has(renewalId));
    const entries = new Map(own.map((one) => [one.renewalId, entryFor(one)]));
    const byRule = { actor: decidedBy, reason: 'by-rule', inputs: {} };
    const entryOf = ({ renewalId }: HandoverItem) => entries.get(renewalId) ?? byRule;
    await assign(tx, theirs, { ownerId, entryOf, calendar, now });
  }
  return items.filter(({ renewalId }) => !byCase.has(renewalId));
}

const candidatesShown = 5;

/** The least loaded of those who might have got a case; whoever comes behind them has more. */
function shownOf(candidates: readonly Colleague[]): object[] {
  return candidates
    .slice(0, candidatesShown)
    .map(({ id: staffId, teamId, openCases, customerCapacity }) => ({ staffId, teamId, openCases, customerCapacity }));
}

function casesOf(items: readonly HandoverItem[]): string[] {
  return items.map((item) => item.renewalId);
}

async function orphansOf(tx: Db, items: readonly HandoverItem[]) {
  const ids = casesOf(items);
  if (ids.length === 0) return [];
  return tx
    .select({ renewalId: renewals.id, teamId: renewals.teamId })
    .from(renewals)
    .where(inArray(renewals.id, ids))
    .orderBy(renewals.expiresOn, renewals.id);
}

type Given = {
  ownerId: string;
  entryOf: (item: HandoverItem) => { actor: string; reason: string; inputs: Record<string, unknown> };
  calendar: Calendar;
  now: Instant;
};

async function assign(tx: Db, items: readonly HandoverItem[], given: Given): Promise<void> {
  const { ownerId, entryOf } = given;
  const [first] = items;
  if (!first) return;
  const { actor: decidedBy } = entryOf(first);
  const moved = await changeOwner(tx, casesOf(items), ownerId);
  await updateItems(tx, items, { state: 'assigned', ownerId, decidedBy });
  const entries = entriesOfItems(items, (item) => {
    const { inputs, ...entry } = entryOf(item);
    return { ...entry, event: 'owner-assigned', inputs: { ownerId, ...inputs } };
  });
  await journalise(tx, [...entries, ...movedEntries(moved, given)]);
}

/** Offers cases to a channel, which has the hand-over deadline to accept. */
export async function offerItems(
  tx: Db,
  items: readonly HandoverItem[],
  offer: { branchId: string; channel: ReceivingChannel; by: string; reason: string; calendar: Calendar },
): Promise<void> {
  const { dueAt: offerDueAt } = await decisionTimeOf(tx, offer, offer.calendar);
  await updateItems(tx, items, { state: 'offered', channel: offer.channel, offerDueAt, decidedBy: offer.by });
  const entry = { actor: offer.by, event: `offered:${offer.channel}`, reason: offer.reason };
  await journaliseItems(tx, items, () => entry);
}

/** A channel accepted, or the last one stayed silent: the cases will close as handed off. */
export async function handOffItems(
  tx: Db,
  items: readonly HandoverItem[],
  { by, event, reason }: { by: string; event: 'offer-accepted' | 'handed-off-by-silence'; reason: string },
): Promise<void> {
  await updateItems(tx, items, { state: 'handed-off', decidedBy: by });
  await journaliseItems(tx, items, () => ({ actor: by, event, reason }));
}

type Returned = { items: readonly HandoverItem[]; by: string; reason: string; calendar: Calendar };

/** A channel declined or let its deadline pass; the rule says whether the supervisor decides again. */
export async function returnItems(tx: Db, handover: HandoverRow, returned: Returned): Promise<void> {
  for (const [channel, items] of byChannel(returned.items)) {
    const step: OrphanStep = afterNoAcceptance(channel);
    if (step.kind === 'hand-off') await handOffItems(tx, items, { ...returned, event: 'handed-off-by-silence' });
    if (step.kind === 'back') await backToSupervisor(tx, handover, { ...returned, items, propose: step.propose });
  }
}

async function backToSupervisor(
  tx: Db,
  handover: HandoverRow,
  back: Returned & { propose: ReceivingChannel },
): Promise<void> {
  const { items, propose, by, reason } = back;
  const time = await decisionTimeOf(tx, handover, back.calendar);
  const { dueAt } = time;
  const undecided = { state: 'undecided', proposedChannel: propose, channel: null, offerDueAt: null, decidedBy: by };
  await updateItems(tx, items, undecided);
  await tx.update(handovers).set({ dueAt }).where(eq(handovers.id, handover.id));
  await journaliseItems(tx, items, () => ({ actor: by, event: 'offer-returned', reason, inputs: { propose } }));
  await assignHandoverTask(tx, { handover: { ...handover, dueAt }, time }, back.calendar);
}

function byChannel(items: readonly HandoverItem[]): Map<ReceivingChannel, HandoverItem[]> {
  return Map.groupBy(items, (item) => (item.channel ?? 'call-centre') as ReceivingChannel);
}
