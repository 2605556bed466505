import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { acceptHandover, decideHandover, type HandoverDecision } from '../cases/departures.ts';
import type { Person, Role } from '../db/staff-records.ts';
import { receivingChannels, type HandoverItemState, type ReceivingChannel } from '../renewal/orphan.ts';
import { readHandover } from '../reporting/handover-list.ts';
import { readStaff } from '../reporting/staff-list.ts';
import { handoverAnswer, type FoundHandover } from './handover-answer.ts';
import { badFields, forbidden, notFound, Problem, refusal } from './problem.ts';
import { route, type Answer, type Route } from './route.ts';
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
    tag,
    roles: ['supervisor'],
    params: z.strictObject({ id }),
    reach: 'hand-over',
    body: decisionBody,
    problems: [404, 409],
    answers,
    handle: async ({ person, params, body }) => {
      const decision = await checkedDecision(parts, person, body);
      const state = decision.kind === 'offer' ? 'offered' : 'assigned';
      const found = await requireHandover(parts, person, params.id);
      requireOpenItems(found, { renewalIds: body.renewalIds, from: 'undecided', to: state, by: person.id });
      await decideHandover(parts, {
        handoverId: params.id,
        renewalIds: body.renewalIds,
        decision,
        decidedBy: person.id,
      });
      return answerHandover(parts, person, found);
    },
  });
}

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
      const state = body.accept ? 'handed-off' : 'undecided';
      requireOpenItems(found, { renewalIds: body.renewalIds, from: 'offered', to: state, by: person.id });
      const request = {
        handoverId: params.id,
        renewalIds: body.renewalIds,
        accept: body.accept,
        channel,
        by: person.id,
      };
      const answer = await acceptHandover(parts, request);
      if (answer.kind === 'decided') return answerHandover(parts, person, found);
      throw new Problem({
        status: 409,
        code: 'last-channel',
        detail: 'The call centre is the last channel and cannot decline.',
      });
    },
  });
}

type Decision = z.output<typeof decisionBody>;

async function checkedDecision({ db }: CaseDeps, person: Person, body: Decision): Promise<HandoverDecision> {
  if (body.decision === 'offer' && body.channel !== undefined) return { kind: 'offer', channel: body.channel };
  if (body.decision !== 'assign' || body.agentId === undefined) return { kind: 'take-over' };
  const agent = await readStaff(db, person, body.agentId);
  const mayOwn = agent?.departedOn === null && agent.roles.some((role) => role === 'agent' || role === 'supervisor');
  if (mayOwn) return { kind: 'assign', agentId: body.agentId };
  throw badFields([{ path: 'agentId', message: 'Nobody of your team who could own cases has this staff number' }]);
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
function requireOpenItems({ items }: FoundHandover, { renewalIds, from, to, by }: Step): void {
  const known = new Set(items.map((item) => item.renewalId));
  const strangers = (renewalIds ?? []).filter((renewalId) => !known.has(renewalId));
  if (strangers.length > 0)
    throw badFields([{ path: 'renewalIds', message: `Not in this hand-over: ${strangers[0]}` }]);
  const chosen = items.filter((item) => renewalIds === undefined || renewalIds.includes(item.renewalId));
  const isOpen = chosen.some((item) => item.state === from || (item.state === to && item.decidedBy === by));
  if (!isOpen) throw refusal('handover-decided', `None of these cases is ${from}.`);
}

/** Whoever declined does not see the hand-over any more; the answer then shows what they were asked about. */
async function answerHandover({ db }: CaseDeps, person: Person, before: FoundHandover): Promise<Answer> {
  const found = await readHandover(db, person, before.handover.id);
  return { status: 200, body: handoverAnswer(found ?? before) };
}
