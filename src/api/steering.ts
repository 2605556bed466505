import { z } from 'zod';
import { changeOwner } from '../cases/change-owner.ts';
import type { CaseDeps } from '../cases/connect.ts';
import { holdCase, resumeCase } from '../cases/hold-case.ts';
import { branchOfCase } from '../db/cases/single-owner.ts';
import type { HoldAnswer, ResumeAnswer } from '../db/cases/hold-records.ts';
import type { Person, Role } from '../db/staff/staff-records.ts';
import { readStaff } from '../reporting/staff-list.ts';
import { badFields, refusal } from './doors/problem.ts';
import { readRenewalAnswer, type RenewalParts } from './renewals.ts';
import { route, type Answer, type Route } from './doors/route.ts';
import { renewalId } from './schemas/basics.ts';
import { renewalPage } from './schemas/renewals.ts';
import { holdBody, ownerBody } from './schemas/steering.ts';

export type SteeringParts = RenewalParts & CaseDeps;

const leaders: readonly Role[] = ['supervisor', 'channel-manager', 'general-manager', 'admin'];

const shared = {
  method: 'post',
  tag: 'renewals',
  roles: leaders,
  params: z.strictObject({ id: renewalId }),
  reach: 'renewal',
  problems: [404, 409],
} as const;

/** What leaders decide about a case as a whole: that it waits, goes on, or gets another owner. */
export function steeringRoutes(parts: SteeringParts): Route[] {
  return [holdRoute(parts), resumeRoute(parts), ownerRoute(parts)];
}

function holdRoute(parts: SteeringParts): Route {
  return route({
    ...shared,
    path: '/v1/renewals/{id}/hold',
    summary: 'Hold a case: nothing is sent, escalated or assigned until then',
    description:
      'Results are taken all the same. A second hold replaces the first. Touches missed meanwhile stay unsent.',
    body: holdBody,
    answers: { 201: { description: 'Held; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, body, id }) => {
      const hold = { id, renewalId: params.id, until: new Date(body.until), reason: body.reason, by: person.id };
      requireHeld(await holdCase(parts, hold));
      return answerCase(parts, person, params.id);
    },
  });
}

function requireHeld(answer: HoldAnswer): void {
  switch (answer.kind) {
    case 'held':
      return;
    case 'closed':
      throw refusal('case-closed', 'The case has closed.');
    case 'out-of-range': {
      const [after, before] = [answer.after, answer.before].map((instant) => new Date(instant).toISOString());
      throw badFields([{ path: 'until', message: `Must lie after ${after}, which is now, and before ${before}` }]);
    }
  }
}

function resumeRoute(parts: SteeringParts): Route {
  return route({
    ...shared,
    path: '/v1/renewals/{id}/resume',
    summary: 'End the hold of a case before its time',
    answers: { 201: { description: 'Resumed; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, id }) => {
      requireResumed(await resumeCase(parts, { id, renewalId: params.id, by: person.id }));
      return answerCase(parts, person, params.id);
    },
  });
}

function requireResumed({ kind }: ResumeAnswer): void {
  switch (kind) {
    case 'resumed':
      return;
    case 'closed':
      throw refusal('case-closed', 'The case has closed.');
    case 'not-held':
      throw refusal('not-held', 'Nobody holds this case.');
  }
}

function ownerRoute(parts: SteeringParts): Route {
  return route({
    ...shared,
    path: '/v1/renewals/{id}/owner',
    summary: 'Give a case another owner; pending tasks and the team follow',
    description:
      'A case in an undecided hand-over is decided there. Messages that are not sent yet carry the new name.',
    body: ownerBody,
    answers: { 201: { description: 'Given; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, body, id }) => {
      await requireMayOwn(parts, person, { staffId: body.agentId, caseId: params.id });
      await changeOwner(parts, { id, renewalId: params.id, ownerId: body.agentId, by: person.id });
      return answerCase(parts, person, params.id);
    },
  });
}

const owningRoles: readonly string[] = ['agent', 'specialist', 'supervisor'];

/** A case stays in its branch, whoever sees more than one. */
async function requireMayOwn(
  { db }: SteeringParts,
  person: Person,
  { staffId, caseId }: { staffId: string; caseId: string },
): Promise<void> {
  const found = await readStaff(db, person, staffId);
  const isOfBranch = found !== undefined && found.branchId === (await branchOfCase(db, caseId));
  if (isOfBranch && found.departedOn === null && found.roles.some((role) => owningRoles.includes(role))) return;
  throw badFields([{ path: 'agentId', message: 'Nobody of this branch whom you see could own the case' }]);
}

async function answerCase(parts: SteeringParts, person: Person, caseId: string): Promise<Answer> {
  return { status: 201, body: await readRenewalAnswer(parts, person, { id: caseId, reveal: false }) };
}
