import { z } from 'zod';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import type { Role } from '../db/staff/staff-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import type { ChangedCase, ListedCase } from '../renewal/half-month-list.ts';
import { readHalfMonthList } from '../reporting/half-month-list.ts';
import { listKeyTracking, reasonsOf } from '../reporting/key-tracking.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { masked } from './doors/masking.ts';
import { route, type Route } from './doors/route.ts';
import { day, listOf, renewalId } from './schemas/basics.ts';
import { halfMonthList, halfMonthQuery, keyTrackingQuery, trackedCase } from './schemas/staff-lists.ts';

const readers: readonly Role[] = [
  ...(['specialist', 'supervisor', 'trainer'] as const),
  ...(['channel-manager', 'general-manager', 'admin', 'auditor'] as const),
];

const tag = 'tasks';

type Parts = { db: Db; calendar: Calendar };

/** The lists that go to staff by mail as well. */
export function staffListRoutes(parts: Parts): Route[] {
  return [keyTrackingRoute(parts), halfMonthRoute(parts)];
}

function keyTrackingRoute({ db, calendar }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/key-tracking',
    summary: 'The cases that specialists work every Monday and Thursday',
    description: [
      'Open cases that you see, from the follow-up on: key customers, promised, considering, quoted without a decision, and',
      'all from 15 days before their expiry. Not those that are held, orphaned or in their second round. What comes of it is',
      'recorded as a result of the case.',
    ].join(' '),
    tag,
    roles: readers,
    query: keyTrackingQuery,
    answers: { 200: { description: 'One page, the nearest expiry first', schema: listOf(trackedCase) } },
    handle: async ({ person, query }) => {
      const position = z.object({ expiresOn: day, renewalId });
      const from = readCursor('key-tracking', position, query.cursor);
      const today = calendar.dayOf((await readClock(db)).now);
      const { specialistId, limit } = query;
      const rows = await listKeyTracking(db, { viewer: person, specialistId, today, from, limit: limit + 1 });
      type Row = (typeof rows)[number];
      const cursor = (row: Row): string =>
        writeCursor('key-tracking', { expiresOn: row.expiresOn, renewalId: row.renewalId });
      return { status: 200, body: pageOf(rows, limit, { item: (row: Row) => trackedAnswer(row, today), cursor }) };
    },
  });
}

function trackedAnswer(row: Awaited<ReturnType<typeof listKeyTracking>>[number], today: string) {
  const { renewalId: id, customer, plate, nextActionAt: _nextActionAt, ...fields } = row;
  return {
    id,
    ...fields,
    customerName: masked.name(customer),
    plate: masked.plate(plate),
    reasons: reasonsOf(row, today),
  };
}

function halfMonthRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/half-month-list',
    summary: 'What came, left and changed on your list since the one of half a month before',
    description: [
      'Taken on the 2nd and the 16th. Your list holds the open cases that you own or whose specialist you are, and those of',
      'the teams that you lead or follow; the cases themselves are in `GET /v1/renewals`.',
    ].join(' '),
    tag,
    roles: ['agent', 'specialist', 'supervisor', 'trainer'],
    query: halfMonthQuery,
    answers: { 200: { description: 'One page of differences, by case', schema: halfMonthList } },
    handle: async ({ person, query }) => {
      const after = readCursor('half-month-list', z.object({ id: renewalId }), query.cursor)?.id ?? '';
      const { changes, ...list } = (await readHalfMonthList(db, person, query.period)) ?? nothing;
      const rest = changes.filter(({ renewalId: id }) => id > after).toSorted(byCase);
      const cursor = (row: ChangedCase): string => writeCursor('half-month-list', { id: row.renewalId });
      return { status: 200, body: { ...list, ...pageOf(rest, query.limit, { item: changeAnswer, cursor }) } };
    },
  });
}

const nothing = { period: null, before: null, count: 0, from: null, to: null, changes: [] };

function byCase(one: ChangedCase, other: ChangedCase): number {
  return one.renewalId < other.renewalId ? -1 : 1;
}

function changeAnswer({ renewalId: id, differences, before, now }: ChangedCase) {
  return { id, differences, before: listedAnswer(before), now: listedAnswer(now) };
}

function listedAnswer(listed: ListedCase | undefined) {
  if (!listed) return null;
  const { ownerId, expiresOn, stage } = listed;
  return { ownerId, expiresOn, stage };
}
