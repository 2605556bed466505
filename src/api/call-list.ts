import { z } from 'zod';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { journalise } from '../db/journal/journal-records.ts';
import { readSetting } from '../db/settings-records.ts';
import type { Person } from '../db/staff/staff-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { callTimeAt } from '../renewal/call-window.ts';
import { listCalls, type CallListRow } from '../reporting/call-list.ts';
import { callItemAnswer } from './call-list-answer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { masked, revealed } from './doors/masking.ts';
import { route, type Route } from './doors/route.ts';
import { listOf, renewalId } from './schemas/basics.ts';
import { callListItem, callListQuery } from './schemas/call-list.ts';

const position = z.object({
  asOf: z.number().int().min(0).max(8.64e15),
  place: z.number().int().min(0).max(2),
  order: z.number(),
  id: renewalId,
});

export function callListRoute({ db, calendar }: { db: Db; calendar: Calendar }): Route {
  return route({
    method: 'get',
    path: '/v1/call-list',
    summary: 'What the call centre has to call, ranked, with history, quote and script',
    description: [
      'Cases handed or offered to the call centre of your branch whose customers may be called: promised call-backs whose',
      'time has come, then by premium at stake and days left, then call-backs of later. Results go to the results of the',
      'case, with `channel: phone` and the steps of the `script` that were read.',
    ].join(' '),
    tag: 'call-centre',
    roles: ['call-centre'],
    query: callListQuery,
    answers: { 200: { description: 'One page', schema: listOf(callListItem) } },
    handle: async ({ person, query }) => {
      const from = readCursor('call-list', position, query.cursor);
      const { now } = await readClock(db);
      const asOf = from?.asOf ?? now;
      const rows = await listCalls(db, { viewer: person, asOf, zone: calendar.zone, from, limit: query.limit + 1 });
      if (query.reveal) await journaliseReveal(db, person, rows.slice(0, query.limit));
      const { content: window } = await readSetting(db, 'call-window');
      const callTime = callTimeAt(now, window, calendar);
      const parts = { calendar, asOf, callTime, masking: query.reveal ? revealed : masked };
      const cursor = ({ place, order, renewal }: CallListRow): string =>
        writeCursor('call-list', { asOf, place, order, id: renewal.id });
      return { status: 200, body: pageOf(rows, query.limit, { item: (row) => callItemAnswer(row, parts), cursor }) };
    },
  });
}

async function journaliseReveal(db: Db, person: Person, rows: readonly CallListRow[]): Promise<void> {
  const inputs = { roles: person.roles, list: 'call-list' };
  const entry = { actor: person.id, event: 'revealed', reason: 'asked-by-person', inputs };
  await journalise(
    db,
    rows.map(({ renewal }) => ({ ...entry, chain: renewal.id })),
  );
}
