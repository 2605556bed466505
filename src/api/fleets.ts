import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { listFleets, readFleet } from '../reporting/fleet-list.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { negotiatorRoute, resultRoute } from './fleet-work.ts';
import type { People } from './doors/people.ts';
import { notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { listOf } from './schemas/basics.ts';
import { fleetFilters, fleetId, fleetItem, fleetPage } from './schemas/fleets.ts';

export type FleetParts = CaseDeps & { people: People };

const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

const tag = 'fleets';

export function fleetRoutes(parts: FleetParts): Route[] {
  return [
    listRoute(parts),
    oneRoute(parts),
    resultRoute(parts),
    negotiatorRoute({ ...parts, answer: (person, id) => fleetAnswer(parts, person, id) }),
  ];
}

function listRoute({ db }: FleetParts): Route {
  return route({
    method: 'get',
    path: '/v1/fleets',
    summary: 'Fleets (团单) with a case that you see',
    tag,
    roles: readers,
    query: fleetFilters,
    answers: { 200: { description: 'One page by id', schema: listOf(fleetItem) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const after = readCursor('fleets', z.object({ id: fleetId }), written)?.id;
      const rows = await listFleets(db, { viewer: person, ...filters, after, limit: limit + 1 });
      const item = ({ fleet, cases }: (typeof rows)[number]) => ({ ...fleet, cases });
      const cursor = ({ fleet }: (typeof rows)[number]): string => writeCursor('fleets', { id: fleet.id });
      return { status: 200, body: pageOf(rows, limit, { item, cursor }) };
    },
  });
}

function oneRoute(parts: FleetParts): Route {
  return route({
    method: 'get',
    path: '/v1/fleets/{id}',
    summary: 'One fleet with its cases that you see and their open tasks',
    tag,
    roles: readers,
    params: z.strictObject({ id: fleetId }),
    reach: 'fleet',
    problems: [404],
    answers: { 200: { description: 'The fleet', schema: fleetPage } },
    handle: async ({ person, params }) => ({ status: 200, body: await fleetAnswer(parts, person, params.id) }),
  });
}

async function fleetAnswer({ db }: FleetParts, viewer: Viewer, id: string) {
  const found = await readFleet(db, viewer, id);
  if (!found) throw notFound('fleet');
  const { fleet, cases, tasks } = found;
  const items = tasks.map(({ id: taskId, kind, role, renewalId, fleetId: forFleet, assigneeId, dueAt }) => ({
    id: taskId,
    kind,
    role,
    renewalId,
    forFleet: forFleet !== null,
    assigneeId,
    dueAt,
  }));
  return { ...fleet, cases, tasks: items };
}
