import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { listHandovers, readHandover } from '../reporting/handover-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { handoverAnswer } from './handover-answer.ts';
import { acceptanceRoute, decisionRoute } from './handover-decisions.ts';
import { notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf } from './schemas/basics.ts';
import { handoverFilters, handoverItem, handoverPage } from './schemas/handovers.ts';

const readers: readonly Role[] = [
  ...(['supervisor', 'trainer', 'specialist', 'call-centre'] as const),
  ...(['channel-manager', 'general-manager', 'admin', 'auditor'] as const),
];

const tag = 'handovers';

export function handoverRoutes(parts: CaseDeps): Route[] {
  return [listRoute(parts), oneRoute(parts), decisionRoute(parts), acceptanceRoute(parts)];
}

function listRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/handovers',
    summary: 'Hand-overs of agents who left',
    tag,
    roles: readers,
    query: handoverFilters,
    answers: { 200: { description: 'One page, oldest first', schema: listOf(handoverItem) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const after = readCursor('handovers', z.object({ id }), written)?.id;
      const rows = await listHandovers(db, { viewer: person, ...filters, after, limit: limit + 1 });
      const cursor = (row: (typeof rows)[number]): string => writeCursor('handovers', { id: row.handover.id });
      const item = ({ handover, states }: (typeof rows)[number]) => ({ ...handover, byState: states });
      return { status: 200, body: pageOf(rows, limit, { item, cursor }) };
    },
  });
}

function oneRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/handovers/{id}',
    summary: 'One hand-over with its cases',
    tag,
    roles: readers,
    params: z.strictObject({ id }),
    reach: 'hand-over',
    problems: [404],
    answers: { 200: { description: 'The hand-over', schema: handoverPage } },
    handle: async ({ person, params }) => {
      const found = await readHandover(db, person, params.id);
      if (!found) throw notFound('hand-over');
      return { status: 200, body: handoverAnswer(found) };
    },
  });
}
