import type { Db } from '../db/connection.ts';
import { changeSending, readSending } from '../db/messages/stop-switch.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { route, type Route } from './doors/route.ts';
import { sendingAnswer, sendingBody } from './schemas/sending.ts';

const tag = 'messages';
const path = '/v1/sending';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

/** The stop switch for everything that goes to customers. */
export function sendingRoutes({ db }: { db: Db }): Route[] {
  return [readRoute(db), changeRoute(db)];
}

function readRoute(db: Db): Route {
  return route({
    method: 'get',
    path,
    summary: 'Whether messages go to customers at present',
    tag,
    roles: readers,
    answers: { 200: { description: 'How the switch stands', schema: sendingAnswer } },
    handle: async () => ({ status: 200, body: await readSending(db) }),
  });
}

function changeRoute(db: Db): Route {
  return route({
    method: 'post',
    path,
    summary: 'Stop everything that goes to customers, or start it again',
    description: [
      'Works with the next message: what is being handed to a provider at this moment still goes. What is held meanwhile goes',
      'within 15 minutes of a new start if its day and the quiet hours allow it, and is not sent late. Mails to staff go on.',
    ].join(' '),
    tag,
    roles: ['admin', 'channel-manager'],
    body: sendingBody,
    answers: { 200: { description: 'How the switch stands now', schema: sendingAnswer } },
    handle: async ({ person, body: { stopped, reason }, id }) => {
      const change = { id, stopped, reason, by: person.id };
      return { status: 200, body: await db.transaction((tx) => changeSending(tx, change)) };
    },
  });
}
