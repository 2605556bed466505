import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { settleStaffMessage, type StaffSettleAnswer } from '../db/staff-messages/settle-staff-message.ts';
import { findStaffMessage, listStaffMessages } from '../reporting/staff-message-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { conflict, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf } from './schemas/basics.ts';
import { staffMessage, staffMessageFilters, staffSettlementBody } from './schemas/staff-lists.ts';

const tag = 'staff';

export function staffMessageRoutes({ db }: { db: Db }): Route[] {
  return [listRoute(db), settleRoute(db)];
}

function listRoute(db: Db): Route {
  return route({
    method: 'get',
    path: '/v1/staff-messages',
    summary: 'What went to staff by itself, what did not, and why',
    description: [
      'Digests, lists and words of hand-overs, to the staff you may see. An unknown one is never sent again: the next morning has',
      'it all. `undelivered` is a mail that came back.',
    ].join(' '),
    tag,
    roles: ['admin', 'channel-manager', 'auditor'],
    query: staffMessageFilters,
    answers: { 200: { description: 'One page, the oldest first', schema: listOf(staffMessage) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const after = readCursor('staff-messages', z.object({ id }), written)?.id;
      const rows = await listStaffMessages(db, { viewer: person, filters, after, limit: limit + 1 });
      const cursor = (row: Row): string => writeCursor('staff-messages', { id: row.id });
      return { status: 200, body: pageOf(rows, limit, { item: answerOf, cursor }) };
    },
  });
}

type Row = Awaited<ReturnType<typeof listStaffMessages>>[number];

function answerOf({ listed: _listed, about, ...row }: Row) {
  return { ...row, about: about === '' ? null : about };
}

function settleRoute(db: Db): Route {
  return route({
    method: 'post',
    path: '/v1/staff-messages/{id}/settle',
    summary: 'Say what became of an uncertain message to staff',
    description: 'For messages in the state `unknown` only; look the attempt up at the mail server or provider first.',
    tag,
    roles: ['admin', 'channel-manager'],
    params: z.strictObject({ id }),
    reach: 'staff-message',
    body: staffSettlementBody,
    problems: [404, 409],
    answers: { 200: { description: 'Settled; the message as it stands now', schema: staffMessage } },
    handle: async ({ person, params, body: { as, providerId, note }, id: settlementId }) => {
      const settled = { id: settlementId, messageId: params.id, as, providerId, note, by: person.id };
      requireSettled(await db.transaction((tx) => settleStaffMessage(tx, settled)));
      const row = await findStaffMessage(db, person, params.id);
      if (!row) throw notFound('staff-message');
      return { status: 200, body: answerOf(row) };
    },
  });
}

function requireSettled(answer: StaffSettleAnswer): void {
  switch (answer.kind) {
    case 'settled':
      return;
    case 'unknown':
      throw notFound('staff-message');
    case 'not-uncertain':
      throw conflict('message-not-uncertain', `This message is ${answer.state}; only uncertain ones are settled.`);
  }
}
