import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { reachedCases, recordFleetResult, type FleetAnswer } from '../cases/fleet-results.ts';
import { nameNegotiator } from '../db/cases/fleet-records.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { casesToAct, seesWholeFleet } from '../reporting/fleet-list.ts';
import { mayOwnCases } from '../reporting/staff-list.ts';
import { requireCallRules } from './call-rules.ts';
import { contactRefused, leftAloneBy } from './left-alone.ts';
import type { People } from './doors/people.ts';
import { badFields, forbidden, refusal, unavailable } from './doors/problem.ts';
import { requireReasonRules } from './reason-rules.ts';
import { route, type Route } from './doors/route.ts';
import { checkedInstants } from './said-instants.ts';
import { fleetId, fleetPage, fleetResults, negotiatorBody } from './schemas/fleets.ts';
import { fleetResultBody } from './schemas/results.ts';

const tag = 'fleets';

export function resultRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/fleets/{id}/results',
    summary: 'Record what came of a negotiation for every open case of the fleet',
    description: 'Each of its cases that you see gets the result, and the answer says what each of them did with it.',
    tag,
    roles: ['agent', 'specialist', 'supervisor', 'call-centre'],
    params: z.strictObject({ id: fleetId }),
    reach: 'fleet',
    body: fleetResultBody,
    problems: [404, 409],
    answers: { 201: { description: 'Recorded, case by case', schema: fleetResults } },
    handle: async ({ person, params, body, id }) => {
      const reached = await reachedCases(parts, params.id, id);
      const cases = await casesToAct(parts.db, person, { fleetId: params.id, reached });
      if (cases.length === 0) throw refusal('case-closed', 'The fleet has no open case that you see.');
      const { callBackAt, occurredAt, ...fields } = body;
      const said = await checkedInstants(parts, { callBackAt, occurredAt }, { id, renewalIds: cases });
      const result = { ...fields, ...said, id, recordedBy: person.id };
      await requireReasonRules(parts.db, result);
      const alone = await leftAloneBy(parts.db, person, { ...result, renewalIds: cases });
      const asked = cases.filter((renewalId) => !alone.includes(renewalId));
      await requireCallRules(parts, person, { ...result, renewalIds: asked });
      const answers = await recordFleetResult(parts, asked, result);
      const left = alone.map((renewalId) => ({ renewalId, answer: { kind: 'refused', ...contactRefused } as const }));
      return { status: 201, body: { items: [...answers, ...left].map(caseAnswer) } };
    },
  });
}

/** One case that could not be asked makes the whole request one to repeat: what is recorded stays recorded once. */
function caseAnswer({ renewalId, answer }: FleetAnswer): z.input<typeof fleetResults>['items'][number] {
  switch (answer.kind) {
    case 'applied':
      return { renewalId, answer: 'recorded', code: null, detail: null };
    case 'refused':
      return { renewalId, answer: 'refused', code: answer.code, detail: answer.detail };
    case 'late':
      return { renewalId, answer: 'late', code: 'case-closed', detail: answer.detail };
    case 'unavailable':
      throw unavailable('A case of the fleet', answer.retryAfterSeconds);
  }
}

type NegotiatorParts = Pick<CaseDeps, 'db' | 'calendar'> & {
  people: People;
  answer: (viewer: Viewer, fleetId: string) => Promise<unknown>;
};

export function negotiatorRoute({ db, calendar, people, answer }: NegotiatorParts): Route {
  return route({
    method: 'post',
    path: '/v1/fleets/{id}/negotiator',
    summary: 'Name who negotiates for the whole fleet',
    description:
      'They see its cases, and what agents do once for all vehicles is theirs. Needs sight of every open case.',
    tag,
    roles: ['supervisor', 'channel-manager', 'general-manager'],
    params: z.strictObject({ id: fleetId }),
    reach: 'fleet',
    body: negotiatorBody,
    problems: [404],
    answers: { 200: { description: 'The fleet', schema: fleetPage } },
    handle: async ({ person, params, body }) => {
      if (!(await seesWholeFleet(db, person, params.id)))
        throw forbidden('Some open cases of the fleet are not yours; a manager of the branch can name its negotiator.');
      if (!(await mayOwnCases(db, person, body.staffId)))
        throw badFields([{ path: 'staffId', message: 'Nobody of yours who could own cases has this staff number' }]);
      const named = { fleetId: params.id, staffId: body.staffId, by: person.id };
      await db.transaction((tx) => nameNegotiator(tx, named, calendar));
      people.forget();
      return { status: 200, body: await answer(person, params.id) };
    },
  });
}
