import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { acceptHandover, decideHandover, type HandoverDecision } from '../cases/departures.ts';
import { hasRole, type Person, type Role } from '../db/staff/staff-records.ts';
import { receivingChannels, type HandoverItemState, type ReceivingChannel } from '../renewal/orphan.ts';
import { readHandover } from '../reporting/handover-list.ts';
import { worksInBranch } from '../db/staff/staff-placement.ts';
import { mayOwnCases } from '../reporting/staff-list.ts';
import { handoverAnswer, type FoundHandover } from './handover-answer.ts';
import { badFields, conflict, forbidden, notFound, refusal } from './doors/problem.ts';
import { route, type Answer, type Route } from './doors/route.ts';
import { id } from './schemas/basics.ts';
import { acceptanceBody, decisionBody, handoverPage } from './schemas/handovers.ts';

const tag = 'handovers';

/** Who speaks for a receiving channel. */
const roleOfChannel: Record<ReceivingChannel, Role> = {
  'cross-sales': 'specialist',
  'bank-partner': 'channel-manager',
  'call-centre': 'call-centre',
};

const answers = { 200: { description: 'The hand-over as it stands now', schema: handoverPage } };

export function decisionRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/handovers/{id}/decision',
    summary: 'Take cases over, assign them to an agent, or offer them to another channel',
    description: 'Channel managers decide where no supervisor does; they own no cases and take none over.',
    tag,
    roles: ['supervisor', 'channel-manager'],
    params: z.strictObject({ id }),
    reach: 'hand-over',
    body: decisionBody,
    problems: [404, 409],
    answers,
    handle: async ({ person, params, body }) => {
      const { renewalIds } = body;
      const found = await requireHandover(parts, person, params.id);
      const decision = await checkedDecision(parts, { person, branchId: found.handover.branchId }, body);
      const to = decision.kind === 'offer' ? 'offered' : 'assigned';
      const step: Step = { renewalIds, from: 'undecided', to, by: person.id };
      requireOpenItems(found, step);
      const request = { handoverId: params.id, renewalIds, decision, decidedBy: person.id };
      const answer = await decideHandover(parts, request);
      if (answer.kind === 'nobody-to-assign') throw conflict('nobody-to-assign', nobodyToAssign);
      return answerHandover(parts, person, { before: found, step });
    },
  });
}

const nobodyToAssign = 'No colleague of the branch with the same role is there, not on leave and with room for more.';

export function acceptanceRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/handovers/{id}/acceptance',
    summary: 'Accept or decline the cases that were offered to your channel',
    description:
      'Specialists speak for cross-sales, channel managers for bank-partner, the call centre for itself; it cannot decline.',
    tag,
    roles: Object.values(roleOfChannel),
    params: z.strictObject({ id }),
    reach: 'hand-over',
    body: acceptanceBody,
    problems: [404, 409],
    answers,
    handle: async ({ person, params, body }) => {
      const channel = channelOf(person, body.channel);
      const found = await requireHandover(parts, person, params.id);
      const to = body.accept ? 'handed-off' : 'undecided';
      const step: Step = { renewalIds: body.renewalIds, from: 'offered', to, by: person.id };
      requireOpenItems(found, step);
      const { renewalIds, accept } = body;
      const answer = await acceptHandover(parts, { handoverId: params.id, renewalIds, accept, channel, by: person.id });
      if (answer.kind === 'last-channel-cannot-decline') throw conflict('last-channel', lastChannelDeclines);
      return answerHandover(parts, person, { before: found, step });
    },
  });
}

const lastChannelDeclines = 'The call centre is the last channel and cannot decline.';

type Decision = z.output<typeof decisionBody>;

async function checkedDecision(
  { db }: CaseDeps,
  { person, branchId }: { person: Person; branchId: string },
  { decision, channel, agentId }: Decision,
): Promise<HandoverDecision> {
  if (decision === 'offer' && channel !== undefined) return { kind: 'offer', channel };
  if (decision !== 'assign') {
    if (hasRole(person, 'supervisor')) return { kind: 'take-over' };
    throw badFields([{ path: 'decision', message: 'Managers own no cases; assign or offer them' }]);
  }
  if (agentId === undefined) return { kind: 'assign-by-rule' };
  const mayOwn = (await worksInBranch(db, agentId, branchId)) && (await mayOwnCases(db, person, agentId));
  if (mayOwn) return { kind: 'assign', agentId };
  throw badFields([{ path: 'agentId', message: 'Nobody of yours who could own cases has this staff number' }]);
}

function channelOf(person: Person, named: ReceivingChannel | undefined): ReceivingChannel {
  const own = receivingChannels.filter((channel) => person.roles.includes(roleOfChannel[channel]));
  const channel = named === undefined ? own[0] : own.find((one) => one === named);
  if (channel === undefined) throw forbidden('You do not speak for this channel.');
  return channel;
}

async function requireHandover({ db }: CaseDeps, person: Person, handoverId: string): Promise<FoundHandover> {
  const found = await readHandover(db, person, handoverId);
  if (!found) throw notFound('hand-over');
  return found;
}

type Step = { renewalIds: readonly string[] | undefined; from: HandoverItemState; to: HandoverItemState; by: string };

/** A repetition of one's own decision passes, so that a request that broke off can be completed. */
function requireOpenItems(found: FoundHandover, step: Step): void {
  const known = new Set(found.items.map((item) => item.renewalId));
  const strangers = (step.renewalIds ?? []).filter((renewalId) => !known.has(renewalId));
  if (strangers.length > 0)
    throw badFields([{ path: 'renewalIds', message: `Not in this hand-over: ${strangers[0]}` }]);
  const isOpen = chosenItems(found, step).some((item) => item.state === step.from) || isDoneBy(found, step);
  if (!isOpen) throw refusal('handover-decided', `None of these cases is ${step.from}.`);
}

function chosenItems({ items }: FoundHandover, { renewalIds }: Step): FoundHandover['items'] {
  return items.filter((item) => renewalIds === undefined || renewalIds.includes(item.renewalId));
}

function isDoneBy(found: FoundHandover, step: Step): boolean {
  return chosenItems(found, step).some(({ state, decidedBy }) => state === step.to && decidedBy === step.by);
}

/**
 * Whoever declined does not see the hand-over any more; the answer then shows what they were asked about. When somebody
 * else was faster with every one of the cases, that is a conflict; of some, the answer says which.
 */
async function answerHandover(
  { db }: CaseDeps,
  person: Person,
  { before, step }: { before: FoundHandover; step: Step },
): Promise<Answer> {
  const found = await readHandover(db, person, before.handover.id);
  if (found && !isDoneBy(found, step))
    throw refusal('handover-decided', `None of these cases is ${step.from} any more.`);
  return { status: 200, body: handoverAnswer(found ?? before) };
}
