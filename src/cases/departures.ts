import { readClock } from '../db/business-clock.ts';
import { recordDepartureDay } from '../db/orphans/departure-records.ts';
import { assignByRule, assignOwner, handOffItems, offerItems, returnItems } from '../db/orphans/handover-decisions.ts';
import {
  countItems,
  finishTaskIfDecided,
  lockCases,
  lockHandover,
  selectItems,
  type HandoverItem,
  type HandoverRow,
} from '../db/orphans/handover-records.ts';
import { departedOwners, orphanCasesOf } from '../db/orphans/orphan-records.ts';
import { refreshNextActions } from '../db/cases/next-action-records.ts';
import type { Db } from '../db/connection.ts';
import type { Day } from '../renewal/calendar.ts';
import { lastChannel, type ReceivingChannel } from '../renewal/orphan.ts';
import { handoverChanged } from '../../workflows/handover-messages.ts';
import type { handover as handoverWorkflow } from '../../workflows/handover.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

/** A hand-over as a job: how many cases it is about and how many have heard of it. */
export type DepartureJob = {
  id: string | null;
  state: 'scheduled' | 'running' | 'completed' | 'withdrawn';
  total: number;
  done: number;
};

/** `by-rule` names nobody: each case goes to the colleague with the least to do. */
export type HandoverDecision =
  | { kind: 'take-over' }
  | { kind: 'assign'; agentId: string }
  | { kind: 'assign-by-rule' }
  | { kind: 'offer'; channel: ReceivingChannel };

/** `left` counts cases for which there was nobody. */
export type HandoverAnswer =
  | { kind: 'decided'; cases: number; left: number }
  | { kind: 'nobody-to-assign' }
  | { kind: 'last-channel-cannot-decline' };

/**
 * An agent leaves: from that day every open case is an orphan, at once when the day has come (business.md, Orphans). A day
 * to come may be moved, or taken back with null; whoever has left stays so.
 */
export async function recordDeparture(
  deps: CaseDeps,
  departure: { staffId: string; effectiveOn: Day | null; by: string },
): Promise<DepartureJob> {
  const today = deps.calendar.dayOf((await readClock(deps.db)).now);
  const { departedOn } = await deps.db.transaction((tx) => recordDepartureDay(tx, departure, today));
  if (departedOn === null) return { id: null, state: 'withdrawn', total: 0, done: 0 };
  if (departedOn > today) return { id: null, state: 'scheduled', total: 0, done: 0 };
  const handoverId = await orphanCases(deps, departure.staffId);
  return handoverId ? readDepartureJob(deps, handoverId) : { id: null, state: 'completed', total: 0, done: 0 };
}

async function readDepartureJob({ db }: Pick<CaseDeps, 'db'>, handoverId: string): Promise<DepartureJob> {
  const { total, unnotified } = await countItems(db, handoverId);
  return { id: handoverId, state: unnotified > 0 ? 'running' : 'completed', total, done: total - unnotified };
}

/** Orphans the cases of everybody who has left by today; the nightly intake calls it. */
export async function collectOrphans(deps: CaseDeps, today: Day): Promise<void> {
  for (const agentId of await departedOwners(deps.db, today)) await orphanCases(deps, agentId);
}

async function orphanCases(deps: CaseDeps, agentId: string): Promise<string | undefined> {
  const handover = await deps.db.transaction((tx) => orphanCasesOf(tx, agentId, deps.calendar));
  if (handover) await tellHandover(deps, handover.id);
  return handover?.id;
}

type Decided = {
  handoverId: string;
  renewalIds?: string[] | undefined;
  decision: HandoverDecision;
  decidedBy: string;
};

/** The supervisor decides for the named cases, or for all that are undecided. */
export async function decideHandover(deps: CaseDeps, decided: Decided): Promise<HandoverAnswer> {
  const { handoverId, decidedBy } = decided;
  const [cases, left] = await deps.db.transaction(async (tx) => {
    const renewalIds = await lockCases(tx, decided);
    const handover = await lockHandover(tx, handoverId);
    const items = await selectItems(tx, { handoverId, renewalIds, states: ['undecided'] });
    const stay = await decideItems(tx, { handover, items, calendar: deps.calendar }, decided);
    await finishTaskIfDecided(tx, handoverId, decidedBy);
    await refreshNextActions(tx, renewalIds, deps.calendar);
    return [items.length - stay.length, stay.length];
  });
  await tellHandover(deps, handoverId);
  return cases === 0 && left > 0 ? { kind: 'nobody-to-assign' } : { kind: 'decided', cases, left };
}

type Asked = { handover: HandoverRow; items: HandoverItem[]; calendar: CaseDeps['calendar'] };

/** Answers the items that stay undecided. */
async function decideItems(
  tx: Db,
  { handover, items, calendar }: Asked,
  { decision, decidedBy }: Pick<Decided, 'decision' | 'decidedBy'>,
): Promise<HandoverItem[]> {
  switch (decision.kind) {
    case 'take-over':
      await assignOwner(tx, items, { id: decidedBy, decidedBy, calendar });
      return [];
    case 'assign':
      await assignOwner(tx, items, { id: decision.agentId, decidedBy, calendar });
      return [];
    case 'assign-by-rule':
      return assignByRule(tx, handover, { items, decidedBy, calendar });
    case 'offer': {
      await offerItems(tx, items, {
        branchId: handover.branchId,
        channel: decision.channel,
        by: decidedBy,
        reason: 'supervisor-decided',
        calendar,
      });
      return [];
    }
  }
}

/** The receiving channel accepts or declines what was offered to it; the last channel cannot decline. */
export async function acceptHandover(
  deps: CaseDeps,
  answer: {
    handoverId: string;
    renewalIds?: string[] | undefined;
    accept: boolean;
    channel: ReceivingChannel;
    by: string;
  },
): Promise<HandoverAnswer> {
  if (!answer.accept && answer.channel === lastChannel) return { kind: 'last-channel-cannot-decline' };
  const { by } = answer;
  const items = await deps.db.transaction(async (tx): Promise<HandoverItem[]> => {
    const renewalIds = await lockCases(tx, answer);
    const handover = await lockHandover(tx, answer.handoverId);
    const offered = await selectItems(tx, { ...answer, renewalIds, states: ['offered'] });
    const own = offered.filter((item) => item.channel === answer.channel);
    if (answer.accept) await handOffItems(tx, own, { by, event: 'offer-accepted', reason: 'channel-accepted' });
    else await returnItems(tx, handover, { items: own, by, reason: 'declined', calendar: deps.calendar });
    await finishTaskIfDecided(tx, answer.handoverId, by);
    await refreshNextActions(tx, renewalIds, deps.calendar);
    return own;
  });
  await tellHandover(deps, answer.handoverId);
  return { kind: 'decided', cases: items.length, left: 0 };
}

/** Wakes the workflow of a hand-over, or starts it when none runs. */
export async function tellHandover({ temporal }: CaseDeps, handoverId: string): Promise<void> {
  await promptly(temporal, () =>
    temporal.client.workflow.signalWithStart<typeof handoverWorkflow>('handover', {
      workflowId: `handover.${handoverId}`,
      taskQueue: batchQueue,
      args: [{ handoverId }],
      signal: handoverChanged,
      signalArgs: [],
      staticSummary: 'the cases of an agent who left',
    }),
  );
}
