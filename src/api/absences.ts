import { z } from 'zod';
import { recordAbsence, withdrawAbsence, type AbsenceAnswer, type AbsenceRow } from '../db/staff/absence-records.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { readClock } from '../db/business-clock.ts';
import { moveTasksOfAbsent } from '../db/tasks/cover-absence.ts';
import { listAbsences } from '../reporting/organisation-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { badFields, conflict, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { day, id, listOf, paging, staffId } from './schemas/basics.ts';
import { absence, newAbsence, withdrawnAbsence } from './schemas/staff.ts';
import { leaders, type StaffParts } from './staff.ts';

const tag = 'staff';
const people: readonly Role[] = roles.filter((role) => role !== 'core-system');

type Parts = Pick<StaffParts, 'db' | 'calendar'>;

export function absenceRoutes(parts: Parts): Route[] {
  return [listRoute(parts), recordRoute(parts), withdrawalRoute(parts)];
}

function listRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/staff/{id}/absences',
    summary: 'The leave of a person: one’s own, or of staff you see',
    tag,
    roles: people,
    params: z.strictObject({ id: staffId }),
    reach: 'leave',
    query: z.strictObject(paging),
    problems: [404],
    answers: { 200: { description: 'One page by first day', schema: listOf(absence) } },
    handle: async ({ person, params, query }) => {
      const after = readCursor('absences', z.object({ fromOn: day }), query.cursor)?.fromOn;
      const rows = await listAbsences(db, { viewer: person, staffId: params.id, after, limit: query.limit + 1 });
      const cursor = (row: (typeof rows)[number]): string => writeCursor('absences', { fromOn: row.absence.fromOn });
      return { status: 200, body: pageOf(rows, query.limit, { item: (row) => row.absence, cursor }) };
    },
  });
}

function recordRoute(parts: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/staff/{id}/absences',
    summary: 'Record leave, both days included; nothing is given to them on these days',
    description:
      'Their open tasks that are due on these days go to the least loaded others, or to the queue of the role.',
    tag,
    roles: leaders,
    params: z.strictObject({ id: staffId }),
    reach: 'person',
    body: newAbsence,
    problems: [404, 409],
    answers: { 201: { description: 'The leave', schema: absence } },
    handle: async ({ person, params, body, id: requestId }) => {
      const { fromOn, toOn, reason = null } = body;
      const leave = { staffId: params.id, fromOn, toOn, reason, today: await todayOf(parts) };
      const answer = await parts.db.transaction(async (tx) => {
        const recorded = await recordAbsence(tx, leave, { by: person.id, requestId });
        if (recorded.kind === 'done') await moveTasksOfAbsent(tx, recorded.absence, parts.calendar);
        return recorded;
      });
      return { status: 201, body: requireAbsence(answer) };
    },
  });
}

async function todayOf({ db, calendar }: Parts): Promise<string> {
  return calendar.dayOf((await readClock(db)).now);
}

function requireAbsence(answer: AbsenceAnswer): AbsenceRow {
  switch (answer.kind) {
    case 'done':
      return answer.absence;
    case 'unknown':
      throw notFound('person');
    case 'over':
      throw badFields([{ path: 'toOn', message: 'This leave is over already' }]);
    case 'has-left':
      throw conflict('has-left', 'They leave for good before this leave ends.');
    case 'overlaps':
      throw conflict('overlaps', `They are away from ${answer.with.fromOn} to ${answer.with.toOn} already.`);
  }
}

function withdrawalRoute(parts: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/staff/{id}/absences/{absenceId}/withdrawal',
    summary: 'They are back from today; leave that has not begun is taken away',
    tag,
    roles: leaders,
    params: z.strictObject({ id: staffId, absenceId: id }),
    reach: 'person',
    body: z.strictObject({}).default({}),
    problems: [404, 409],
    answers: { 200: { description: 'What is left of the leave', schema: withdrawnAbsence } },
    handle: async ({ person, params, id: requestId }) => {
      const withdrawn = { staffId: params.id, id: params.absenceId, today: await todayOf(parts) };
      const answer = await parts.db.transaction((tx) => withdrawAbsence(tx, withdrawn, { by: person.id, requestId }));
      switch (answer.kind) {
        case 'withdrawn':
          return { status: 200, body: { id: params.absenceId, left: answer.left } };
        case 'unknown':
          throw notFound('absence');
        case 'over':
          throw conflict('over', 'This leave is over.');
      }
    },
  });
}
