import { readClock } from '../db/business-clock.ts';
import {
  assignOwner,
  countItems,
  finishTaskIfDecided,
  handOffItems,
  lockCases,
  lockHandover,
  offerItems,
  returnItems,
  selectItems,
  type HandoverItem,
} from '../db/handover-records.ts';
import { departedOwners, markDeparted, orphanCasesOf } from '../db/orphan-records.ts';
import type { Day } from '../renewal/calendar.ts';
import { lastChannel, type ReceivingChannel } from '../renewal/orphan.ts';
import { handoverChanged } from '../../workflows/handover-messages.ts';
import type { handover as handoverWorkflow } from '../../workflows/handover.ts';
import type { CaseDeps } from './connect.ts';
import { batchQueue } from './task-queues.ts';

/** A hand-over as a job: how many cases it is about and how many have heard of it. */
export type DepartureJob = {
  id: string | null;
  state: 'scheduled' | 'running' | 'completed';
  total: number;
  done: number;
};

export type HandoverDecision =
  { kind: 'take-over' } | { kind: 'assign'; agentId: string } | { kind: 'offer'; channel: ReceivingChannel };

export type HandoverAnswer = { kind: 'decided'; cases: number } | { kind: 'last-channel-cannot-decline' };

/** An agent leaves: from that day every open case is an orphan, at once when the day has come (business.md, Orphans). */
export async function recordDeparture(
  deps: CaseDeps,
  departure: { staffId: string; effectiveOn: Day },
): Promise<DepartureJob> {
  const today = deps.calendar.dayOf((await readClock(deps.db)).now);
  const departedOn = await markDeparted(deps.db, departure, today);
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

/** The supervisor decides for the named cases, or for all that are undecided. */
export async function decideHandover(
  deps: CaseDeps,
  decided: { handoverId: string; renewalIds?: string[] | undefined; decision: HandoverDecision; decidedBy: string },
): Promise<HandoverAnswer> {
  const { handoverId, decision, decidedBy } = decided;
  const items = await deps.db.transaction(async (tx) => {
    const renewalIds = await lockCases(tx, decided);
    await lockHandover(tx, handoverId);
    const selected = await selectItems(tx, { handoverId, renewalIds, states: ['undecided'] });
    if (decision.kind === 'take-over') await assignOwner(tx, selected, { id: decidedBy, decidedBy });
    if (decision.kind === 'assign') await assignOwner(tx, selected, { id: decision.agentId, decidedBy });
    if (decision.kind === 'offer') {
      const offer = { channel: decision.channel, by: decidedBy, reason: 'supervisor-decided', calendar: deps.calendar };
      await offerItems(tx, selected, offer);
    }
    await finishTaskIfDecided(tx, handoverId, decidedBy);
    return selected;
  });
  await tellHandover(deps, handoverId);
  return { kind: 'decided', cases: items.length };
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
  const items = await deps.db.transaction(async (tx): Promise<HandoverItem[]> => {
    const renewalIds = await lockCases(tx, answer);
    const handover = await lockHandover(tx, answer.handoverId);
    const offered = await selectItems(tx, { ...answer, renewalIds, states: ['offered'] });
    const own = offered.filter((item) => item.channel === answer.channel);
    if (answer.accept) await handOffItems(tx, own, answer.by);
    else await returnItems(tx, handover, { items: own, by: answer.by, reason: 'declined', calendar: deps.calendar });
    await finishTaskIfDecided(tx, answer.handoverId, answer.by);
    return own;
  });
  await tellHandover(deps, answer.handoverId);
  return { kind: 'decided', cases: items.length };
}

/** Wakes the workflow of a hand-over, or starts it when none runs. */
export async function tellHandover({ temporal }: CaseDeps, handoverId: string): Promise<void> {
  await temporal.client.workflow.signalWithStart<typeof handoverWorkflow>('handover', {
    workflowId: `handover.${handoverId}`,
    taskQueue: batchQueue,
    args: [{ handoverId }],
    signal: handoverChanged,
    signalArgs: [],
    staticSummary: 'the cases of an agent who left',
  });
}
