import { z } from 'zod';
import { changeTeam, enterTeam } from '../db/staff/organisation-records.ts';
import { listTeams } from '../reporting/organisation-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { requireDone } from './organisation.ts';
import { route, type Route } from './doors/route.ts';
import { code, listOf } from './schemas/basics.ts';
import { newTeam, teamChange, teamFilters, teamRecord } from './schemas/organisation.ts';
import { staffReaders, type StaffParts } from './staff.ts';

const tag = 'staff';

type Parts = Pick<StaffParts, 'db' | 'people'>;

export function teamRoutes(parts: Parts): Route[] {
  return [listRoute(parts), enterRoute(parts), changeRoute(parts)];
}

function listRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/teams',
    summary: 'The teams you may see',
    tag,
    roles: staffReaders,
    query: teamFilters,
    answers: { 200: { description: 'One page by id', schema: listOf(teamRecord) } },
    handle: async ({ person, query }) => {
      const after = readCursor('teams', z.object({ id: code }), query.cursor)?.id;
      const { branchId } = query;
      const rows = await listTeams(db, { viewer: person, branchId, after, limit: query.limit + 1 });
      const cursor = ({ id }: (typeof rows)[number]): string => writeCursor('teams', { id });
      return { status: 200, body: pageOf(rows, query.limit, { item: (row) => row, cursor }) };
    },
  });
}

function enterRoute({ db, people }: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/teams',
    summary: 'Enter a team',
    tag,
    roles: ['admin'],
    body: newTeam,
    problems: [409],
    answers: { 201: { description: 'The team', schema: teamRecord } },
    handle: async ({ person, body, id: requestId }) => {
      const row = requireDone(await enterTeam(db, body, { by: person.id, requestId }), 'team');
      people.forget();
      return { status: 201, body: row };
    },
  });
}

function changeRoute({ db, people }: Parts): Route {
  return route({
    method: 'put',
    path: '/v1/teams/{id}',
    summary: 'Give a team another supervisor or branch',
    tag,
    roles: ['admin'],
    params: z.strictObject({ id: code }),
    reach: 'team',
    body: teamChange,
    problems: [404, 409],
    answers: { 200: { description: 'The team', schema: teamRecord } },
    handle: async ({ person, params, body, id: requestId }) => {
      const changed = await changeTeam(db, { ...body, id: params.id }, { by: person.id, requestId });
      const row = requireDone(changed, 'team');
      people.forget();
      return { status: 200, body: row };
    },
  });
}
