import { z } from 'zod';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { roles, type Person, type Role } from '../db/staff/staff-records.ts';
import { addDays, type Calendar, type Day } from '../renewal/calendar.ts';
import { listMessages, type MessageItem } from '../reporting/message-list.ts';
import { readMessagePage } from '../reporting/message-page.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { messageAnswer } from './message-answer.ts';
import { revealCases } from './revealed-cases.ts';
import { id, listOf, storedInstant } from './schemas/basics.ts';
import { messageFilters, messageItem, messagePage, messageQuery } from './schemas/messages.ts';

export type MessageParts = { db: Db; calendar: Calendar };

const tag = 'messages';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');
const position = z.object({ value: storedInstant, id });

export function messageRoutes(parts: MessageParts): Route[] {
  return [listRoute(parts), oneRoute(parts)];
}

function listRoute({ db, calendar }: MessageParts): Route {
  return route({
    method: 'get',
    path: '/v1/messages',
    summary: 'What goes, went or did not go to customers, and why',
    description: [
      'The messages of the cases you may see. `state=unknown` are those of which nobody can tell whether they went, `held` and',
      'the states without an attempt say by their reason why. Addresses are masked and texts left out; `reveal=true` shows them to',
      'roles that work with customers, and is journalled in each case.',
    ].join(' '),
    tag,
    roles: readers,
    query: messageFilters,
    answers: { 200: { description: 'One page', schema: listOf(messageItem) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, sort, reveal, dueFrom, dueTo, ...filters } = query;
      const from = readCursor(`messages ${sort}`, position, written);
      const due = dueBetween(calendar, { dueFrom, dueTo });
      const request = { viewer: person, filters: { ...filters, ...due }, descending: sort === '-age', from };
      const rows = await listMessages(db, { ...request, limit: limit + 1 });
      const item = await answering(db, person, { rows: rows.slice(0, limit), reveal });
      const cursor = ({ sortValue, message }: MessageItem): string =>
        writeCursor(`messages ${sort}`, { value: sortValue, id: message.id });
      return { status: 200, body: pageOf(rows, limit, { item, cursor }) };
    },
  });
}

/** Days of the business zone, the last one included. */
function dueBetween(calendar: Calendar, { dueFrom, dueTo }: { dueFrom: Day | undefined; dueTo: Day | undefined }) {
  return {
    dueFrom: dueFrom === undefined ? undefined : new Date(calendar.instantOf(dueFrom, 0)),
    dueBefore: dueTo === undefined ? undefined : new Date(calendar.instantOf(addDays(dueTo, 1), 0)),
  };
}

/** How rows are answered now; what is to be revealed is journalled first. */
async function answering(
  db: Db,
  person: Person,
  { rows, reveal = false }: { rows: readonly MessageItem[]; reveal: boolean | undefined },
) {
  const ids = rows.map(({ message }) => message.renewalId);
  const shown = reveal ? await revealCases(db, person, { ids, list: 'messages' }) : new Set();
  const { now } = await readClock(db);
  return (row: MessageItem) => messageAnswer(row, { now, reveal: shown.has(row.message.renewalId) });
}

function oneRoute({ db }: MessageParts): Route {
  return route({
    method: 'get',
    path: '/v1/messages/{id}',
    summary: 'One message with its attempts, what was reported of them and what operators decided',
    tag,
    roles: readers,
    params: z.strictObject({ id }),
    reach: 'message',
    query: messageQuery,
    problems: [404],
    answers: { 200: { description: 'The message', schema: messagePage } },
    handle: async ({ person, params, query }) => ({
      status: 200,
      body: await readMessageAnswer(db, person, { id: params.id, reveal: query.reveal }),
    }),
  });
}

/** A message as its answer; unknown and foreign ids are the same 404. */
export async function readMessageAnswer(db: Db, person: Person, asked: { id: string; reveal: boolean | undefined }) {
  const page = await readMessagePage(db, person, asked.id);
  if (!page) throw notFound('message');
  const { item, attempts, settlements } = page;
  const answer = await answering(db, person, { rows: [item], reveal: asked.reveal });
  return { ...answer(item), attempts, settlements };
}
