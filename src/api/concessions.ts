import { z } from 'zod';
import { decideConcession, requestConcession } from '../cases/concessions.ts';
import type { CaseDeps } from '../cases/connect.ts';
import type { DecidedConcession } from '../db/concessions/concession-decisions.ts';
import { readCaseBudget } from '../db/concessions/concession-budget.ts';
import { roles, type Person, type Role } from '../db/staff/staff-records.ts';
import { readConcessionPage } from '../reporting/concession-page.ts';
import { answerBudget, answerConcession, concessionRefused } from './concession-answer.ts';
import { badFields, forbidden, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id, renewalId } from './schemas/basics.ts';
import {
  concessionAnswer,
  concessionBody,
  concessionDecisionBody,
  concessionRequested,
} from './schemas/concessions.ts';

const tag = 'concessions';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

export function concessionRoutes(parts: CaseDeps): Route[] {
  return [requestRoute(parts), oneRoute(parts), decisionRoute(parts)];
}

function requestRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/renewals/{id}/concessions',
    summary: 'Ask for a concession',
    description:
      'Approved at once within one’s own right, else put to the level that may decide by percentage. No step is jumped; a used-up budget is shown.',
    tag,
    roles: ['agent', 'specialist'],
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    body: concessionBody,
    problems: [404, 409],
    answers: { 201: { description: 'The concession, approved or pending', schema: concessionRequested } },
    handle: async ({ person, params, body, id: concessionId }) => {
      const asked = { ...body, id: concessionId, renewalId: params.id, requestedBy: person };
      const requested = await requestConcession(parts, asked);
      if (requested.kind === 'refused') throw concessionRefused(requested.refusal);
      const answer = await readAnswer(parts, person, concessionId);
      const budget = answerBudget(await readCaseBudget(parts.db, requested.row));
      return { status: 201, body: { ...answer, budget } };
    },
  });
}

function oneRoute(parts: CaseDeps): Route {
  return route({
    method: 'get',
    path: '/v1/concessions/{id}',
    summary: 'One concession with the levels that were asked',
    tag,
    roles: readers,
    params: z.strictObject({ id }),
    reach: 'concession',
    problems: [404],
    answers: { 200: { description: 'The concession', schema: concessionAnswer } },
    handle: async ({ person, params }) => ({ status: 200, body: await readAnswer(parts, person, params.id) }),
  });
}

function decisionRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/concessions/{id}/decision',
    summary: 'Approve or reject a concession',
    description:
      'By the level that is asked or a higher one, never by who asked. The same decision again is the same answer.',
    tag,
    roles: ['specialist', 'channel-manager', 'general-manager'],
    params: z.strictObject({ id }),
    reach: 'concession',
    body: concessionDecisionBody,
    problems: [404, 409],
    answers: { 200: { description: 'The decided concession', schema: concessionAnswer } },
    handle: async ({ person, params, body }) => {
      requireDecided(await decideConcession(parts, { ...body, concessionId: params.id, decidedBy: person }));
      return { status: 200, body: await readAnswer(parts, person, params.id) };
    },
  });
}

function requireDecided(decided: DecidedConcession): void {
  switch (decided.kind) {
    case 'decided':
      return;
    case 'unknown':
      throw notFound('concession');
    case 'own-request':
      throw forbidden('Nobody decides on their own request.');
    case 'not-authorised':
      throw forbidden(`This is for the ${decided.level} or above to decide.`);
    case 'service-missing':
      throw badFields([{ path: decided.field, message: 'This percentage needs another service attached, signed' }]);
    case 'budget-used-up':
      throw concessionRefused('budget-used-up');
  }
}

async function readAnswer({ db }: CaseDeps, person: Person, concessionId: string) {
  const page = await readConcessionPage(db, person, concessionId);
  if (!page) throw notFound('concession');
  return answerConcession(page);
}
