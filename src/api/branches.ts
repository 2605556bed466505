import { z } from 'zod';
import { changeBranch, enterBranch } from '../db/staff/organisation-records.ts';
import { listBranches } from '../reporting/organisation-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { requireDone } from './organisation.ts';
import { route, type Route } from './doors/route.ts';
import { code, listOf } from './schemas/basics.ts';
import { branchChange, branchFilters, branchRecord, newBranch } from './schemas/organisation.ts';
import { staffReaders, type StaffParts } from './staff.ts';

const tag = 'staff';

type Parts = Pick<StaffParts, 'db' | 'people'>;

export function branchRoutes(parts: Parts): Route[] {
  return [listRoute(parts), enterRoute(parts), changeRoute(parts)];
}

function listRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/branches',
    summary: 'The branches you may see',
    tag,
    roles: staffReaders,
    query: branchFilters,
    answers: { 200: { description: 'One page by id', schema: listOf(branchRecord) } },
    handle: async ({ person, query }) => {
      const after = readCursor('branches', z.object({ id: code }), query.cursor)?.id;
      const rows = await listBranches(db, { viewer: person, after, limit: query.limit + 1 });
      const cursor = ({ id }: (typeof rows)[number]): string => writeCursor('branches', { id });
      return { status: 200, body: pageOf(rows, query.limit, { item: (row) => row, cursor }) };
    },
  });
}

function enterRoute({ db, people }: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/branches',
    summary: 'Enter a branch',
    tag,
    roles: ['admin'],
    body: newBranch,
    problems: [409],
    answers: { 201: { description: 'The branch', schema: branchRecord } },
    handle: async ({ person, body, id: requestId }) => {
      const row = requireDone(await enterBranch(db, body, { by: person.id, requestId }), 'branch');
      people.forget();
      return { status: 201, body: row };
    },
  });
}

function changeRoute({ db, people }: Parts): Route {
  return route({
    method: 'put',
    path: '/v1/branches/{id}',
    summary: 'Rename a branch or move it in the tree',
    tag,
    roles: ['admin'],
    params: z.strictObject({ id: code }),
    reach: 'branch',
    body: branchChange,
    problems: [404, 409],
    answers: { 200: { description: 'The branch', schema: branchRecord } },
    handle: async ({ person, params, body, id: requestId }) => {
      const changed = await changeBranch(db, { ...body, id: params.id }, { by: person.id, requestId });
      const row = requireDone(changed, 'branch');
      people.forget();
      return { status: 200, body: row };
    },
  });
}
