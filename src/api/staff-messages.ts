import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { listStaffMessages } from '../reporting/staff-message-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf } from './schemas/basics.ts';
import { staffMessage, staffMessageFilters } from './schemas/staff-lists.ts';

export function staffMessageRoute({ db }: { db: Db }): Route {
  return route({
    method: 'get',
    path: '/v1/staff-messages',
    summary: 'What went to staff by itself, what did not, and why',
    description:
      'Digests, lists and words of hand-overs. An unknown one is never sent again: the next morning has it all.',
    tag: 'staff',
    roles: ['admin', 'auditor'],
    query: staffMessageFilters,
    answers: { 200: { description: 'One page, the oldest first', schema: listOf(staffMessage) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const after = readCursor('staff-messages', z.object({ id }), written)?.id;
      const rows = await listStaffMessages(db, { viewer: person, filters, after, limit: limit + 1 });
      type Row = (typeof rows)[number];
      const cursor = (row: Row): string => writeCursor('staff-messages', { id: row.id });
      const item = ({ listed: _listed, about, ...row }: Row) => ({ ...row, about: about === '' ? null : about });
      return { status: 200, body: pageOf(rows, limit, { item, cursor }) };
    },
  });
}
