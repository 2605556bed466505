import { z } from 'zod';
import type { PlacementProblem } from '../db/staff/staff-placement.ts';
import { changePerson, enterPerson, type StaffAnswer, type StaffRow } from '../db/staff/staff-upkeep.ts';
import { conflict, badFields, notFound, type FieldError } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { staffId } from './schemas/basics.ts';
import { newStaff, staffChange, staffRecord } from './schemas/staff.ts';
import { staffAnswer, type StaffParts } from './staff.ts';

const tag = 'staff';

export function staffUpkeepRoutes(parts: StaffParts): Route[] {
  return [enterRoute(parts), changeRoute(parts)];
}

function enterRoute({ db, people }: StaffParts): Route {
  return route({
    method: 'post',
    path: '/v1/staff',
    summary: 'Enter somebody under their staff number',
    tag,
    roles: ['admin'],
    body: newStaff,
    problems: [409],
    answers: { 201: { description: 'The staff record', schema: staffRecord } },
    handle: async ({ person, body, id: requestId }) => {
      const row = requireRow(await enterPerson(db, body, { by: person.id, requestId }));
      people.forget();
      return { status: 201, body: staffAnswer(row) };
    },
  });
}

function changeRoute({ db, calendar, people }: StaffParts): Route {
  return route({
    method: 'put',
    path: '/v1/staff/{id}',
    summary: 'Change the name, roles, branch, team or capacity of somebody',
    description:
      'Works within a minute. Whoever moves to another team brings the open cases along; what is absent from the body stays as it is.',
    tag,
    roles: ['admin'],
    params: z.strictObject({ id: staffId }),
    reach: 'person',
    body: staffChange,
    problems: [404, 409],
    answers: { 200: { description: 'The staff record', schema: staffRecord } },
    handle: async ({ person, params, body, id: requestId }) => {
      const change = { by: person.id, requestId, calendar };
      const row = requireRow(await changePerson(db, { ...body, id: params.id }, change));
      people.forget();
      return { status: 200, body: staffAnswer(row) };
    },
  });
}

const misplaced: Record<PlacementProblem, FieldError> = {
  'unknown-branch': { path: 'branchId', message: 'There is no such branch' },
  'unknown-team': { path: 'teamId', message: 'There is no such team' },
  'team-of-another-branch': { path: 'teamId', message: 'This team belongs to another branch' },
  'works-in-no-branch': { path: 'branchId', message: 'These roles work in a branch; name it or a team' },
};

function requireRow(answer: StaffAnswer): StaffRow {
  switch (answer.kind) {
    case 'done':
      return answer.row;
    case 'unknown':
      throw notFound('person');
    case 'misplaced':
      throw badFields([misplaced[answer.problem]]);
    case 'taken':
      throw conflict('taken', 'Somebody has this staff number already.');
    case 'own-admin-role':
      throw conflict('own-admin-role', 'Nobody takes the admin’s role from themselves; another admin does.');
    case 'last-admin':
      throw conflict('last-admin', 'This is the last admin; name another one first.');
    case 'leads-a-team':
      throw conflict(
        'leads-a-team',
        `Leads the team ${answer.teamId} from its branch; give it another supervisor first.`,
      );
    case 'owns-open-cases':
      throw conflict('owns-open-cases', `Owns ${answer.cases} open cases; give them another owner first.`);
  }
}
