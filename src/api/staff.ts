import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { recordDeparture } from '../cases/departures.ts';
import type { Role } from '../db/staff-records.ts';
import { listStaff, readStaff } from '../reporting/staff-list.ts';
import { pageOf, readCursor, writeCursor } from './cursor.ts';
import { badFields, notFound } from './problem.ts';
import { route, type Route } from './route.ts';
import { code, day, flag, id, listOf, paging, role, staffId } from './schemas/basics.ts';

const tag = 'staff';
const leaders: readonly Role[] = ['supervisor', 'channel-manager', 'general-manager', 'admin'];
const readers: readonly Role[] = [...leaders, 'trainer', 'auditor'];

const staffRecord = z
  .strictObject({
    id: staffId,
    name: z.string(),
    roles: z.array(role),
    branchId: code.nullable(),
    teamId: code.nullable(),
    departedOn: day.nullable(),
  })
  .meta({ id: 'Staff' });

const departure = z
  .strictObject({
    id: id
      .nullable()
      .meta({ description: 'The hand-over; null when there was nothing to hand over or the day has not come' }),
    state: z.enum(['scheduled', 'running', 'completed']),
    total: z.number().int().meta({ description: 'Open cases of the agent' }),
    done: z.number().int(),
  })
  .meta({ id: 'Departure' });

export function staffRoutes(parts: CaseDeps): Route[] {
  return [listRoute(parts), oneRoute(parts), departureRoute(parts)];
}

function listRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/staff',
    summary: 'The staff you may see',
    tag,
    roles: readers,
    query: z.strictObject({
      role: role.optional(),
      branchId: code.optional(),
      teamId: code.optional(),
      departed: flag.optional(),
      ...paging,
    }),
    answers: { 200: { description: 'One page by staff number', schema: listOf(staffRecord) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const after = readCursor('staff', z.object({ id: staffId }), written)?.id;
      const rows = await listStaff(db, { viewer: person, filters, after, limit: limit + 1 });
      const cursor = (row: (typeof rows)[number]): string => writeCursor('staff', { id: row.id });
      return { status: 200, body: pageOf(rows, limit, { item: staffAnswer, cursor }) };
    },
  });
}

function oneRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/staff/{id}',
    summary: 'One staff record',
    tag,
    roles: readers,
    params: z.strictObject({ id: staffId }),
    reach: 'person',
    problems: [404],
    answers: { 200: { description: 'The staff record', schema: staffRecord } },
    handle: async ({ person, params }) => {
      const row = await readStaff(db, person, params.id);
      if (!row) throw notFound('person');
      return { status: 200, body: staffAnswer(row) };
    },
  });
}

function staffAnswer({ createdAt: _createdAt, ...record }: Awaited<ReturnType<typeof listStaff>>[number]) {
  return record;
}

function departureRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/staff/{id}/departure',
    summary: 'Somebody leaves: every open case of theirs is orphaned and handed to the supervisor',
    tag,
    roles: leaders,
    params: z.strictObject({ id: staffId }),
    reach: 'person',
    body: z.strictObject({ effectiveOn: day }).meta({ id: 'DepartureToRecord' }),
    problems: [404],
    answers: { 202: { description: 'Recorded; how far the cases are', schema: departure } },
    handle: async ({ person, params, body }) => {
      if (params.id === person.id) throw badFields([{ path: 'id', message: 'Nobody records their own departure' }]);
      return { status: 202, body: await recordDeparture(parts, { staffId: params.id, effectiveOn: body.effectiveOn }) };
    },
  });
}
