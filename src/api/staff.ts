import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { recordDeparture } from '../cases/departures.ts';
import { isTooLongAgo, type Leaving } from '../db/orphans/departure-records.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { listStaff, readStaff } from '../reporting/staff-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { masked } from './doors/masking.ts';
import type { People } from './doors/people.ts';
import { badFields, conflict, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { listOf, staffId } from './schemas/basics.ts';
import { departure, departureBody, staffFilters, staffRecord } from './schemas/staff.ts';

export const leaders: readonly Role[] = ['supervisor', 'channel-manager', 'general-manager', 'admin'];
export const staffReaders: readonly Role[] = [...leaders, 'trainer', 'auditor'];

export type StaffParts = CaseDeps & { people: People };

const tag = 'staff';

export function staffRoutes(parts: StaffParts): Route[] {
  return [listRoute(parts), oneRoute(parts), departureRoute(parts)];
}

function listRoute({ db }: StaffParts): Route {
  return route({
    method: 'get',
    path: '/v1/staff',
    summary: 'The staff you may see',
    tag,
    roles: staffReaders,
    query: staffFilters,
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

function oneRoute({ db }: StaffParts): Route {
  return route({
    method: 'get',
    path: '/v1/staff/{id}',
    summary: 'One staff record',
    tag,
    roles: staffReaders,
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

export function staffAnswer({ createdAt: _createdAt, ...record }: Awaited<ReturnType<typeof listStaff>>[number]) {
  return { ...record, email: masked.email(record.email), phone: masked.phone(record.phone) };
}

function departureRoute(parts: StaffParts): Route {
  return route({
    method: 'post',
    path: '/v1/staff/{id}/departure',
    summary: 'Somebody leaves: every open case of theirs is orphaned and handed to the supervisor',
    description: 'A day to come may be moved, or taken back with null; who has left is not brought back.',
    tag,
    roles: leaders,
    params: z.strictObject({ id: staffId }),
    reach: 'person',
    body: departureBody,
    problems: [404, 409],
    answers: { 202: { description: 'Recorded; how far the cases are', schema: departure } },
    handle: async ({ person, params, body }) => {
      if (params.id === person.id) throw badFields([{ path: 'id', message: 'Nobody records their own departure' }]);
      const { effectiveOn } = body;
      if (effectiveOn !== null) await requirePlausibleDay(parts, { staffId: params.id, day: effectiveOn });
      const job = await recordDeparture(parts, { staffId: params.id, effectiveOn, by: person.id });
      parts.people.forget();
      if (effectiveOn === null && job.state !== 'withdrawn') throw conflict('has-left', 'They have left already.');
      return { status: 202, body: job };
    },
  });
}

async function requirePlausibleDay({ db, calendar }: StaffParts, leaving: Leaving): Promise<void> {
  if (!(await isTooLongAgo(db, leaving, calendar))) return;
  throw badFields([{ path: 'effectiveOn', message: 'More than 31 days back, or before they were entered' }]);
}
