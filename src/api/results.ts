import { z } from 'zod';
import type { TemporalConnection } from '../cases/connect.ts';
import { decideSecondRound, recordResult } from '../cases/record-result.ts';
import { requireCallRules } from './call-rules.ts';
import { requireApplied } from './case-answers.ts';
import { requireReasonRules } from './reason-rules.ts';
import { readRenewalAnswer, type RenewalParts } from './renewals.ts';
import { route, type Route } from './doors/route.ts';
import { requireContactAllowed } from './left-alone.ts';
import { checkedInstants } from './said-instants.ts';
import { renewalId } from './schemas/basics.ts';
import { renewalPage } from './schemas/renewals.ts';
import { resultBody, secondRoundBody } from './schemas/results.ts';

export type ResultParts = RenewalParts & { temporal: TemporalConnection };

const tag = 'renewals';

export function resultRoutes(parts: ResultParts): Route[] {
  return [resultRoute(parts), secondRoundRoute(parts)];
}

function resultRoute(parts: ResultParts): Route {
  return route({
    method: 'post',
    path: '/v1/renewals/{id}/results',
    summary: 'Record what came of a call or visit',
    description: 'Answers the case. After the close: 409 with the outcome, and the late result is kept.',
    tag,
    roles: ['agent', 'specialist', 'supervisor', 'call-centre'],
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    body: resultBody,
    problems: [404, 409],
    answers: { 201: { description: 'Recorded; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, body, id }) => {
      const { callBackAt, occurredAt, ...fields } = body;
      const said = await checkedInstants(parts, { callBackAt, occurredAt }, { id, renewalIds: [params.id] });
      const input = { ...fields, ...said, id, renewalId: params.id, recordedBy: person.id };
      await requireReasonRules(parts.db, input);
      await requireContactAllowed(parts.db, person, { ...input, renewalIds: [params.id] });
      await requireCallRules(parts, person, { ...input, renewalIds: [params.id] });
      requireApplied(await recordResult(parts, input));
      return { status: 201, body: await readRenewalAnswer(parts, person, { id: params.id, reveal: false }) };
    },
  });
}

function secondRoundRoute(parts: ResultParts): Route {
  return route({
    method: 'post',
    path: '/v1/renewals/{id}/second-round',
    summary: 'Decide the second round of a declined or unreachable case',
    tag,
    roles: ['supervisor'],
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    body: secondRoundBody,
    problems: [404, 409],
    answers: { 201: { description: 'Decided; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, body, id }) => {
      requireApplied(await decideSecondRound(parts, { ...body, id, renewalId: params.id, recordedBy: person.id }));
      return { status: 201, body: await readRenewalAnswer(parts, person, { id: params.id, reveal: false }) };
    },
  });
}
