import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { liftSuppression, type LiftAnswer } from '../db/customers/lift-suppression.ts';
import { findSuppressed, listSuppressed } from '../reporting/suppressed-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { masked } from './doors/masking.ts';
import { conflict, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf, storedInstant } from './schemas/basics.ts';
import { liftBody, suppressedAddress, suppressedFilters } from './schemas/suppressed-addresses.ts';

const tag = 'messages';
const list = 'suppressed-addresses';
const position = z.object({ value: storedInstant, id });

/** The addresses to which nothing is sent any more, and the way back. */
export function suppressedAddressRoutes({ db }: { db: Db }): Route[] {
  return [listRoute(db), liftRoute(db)];
}

function listRoute(db: Db): Route {
  return route({
    method: 'get',
    path: '/v1/suppressed-addresses',
    summary: 'Addresses to which nothing is sent, and why',
    description: 'Those of the cases you may see, the newest first, masked. `state=lifted` are those that work again.',
    tag,
    roles: ['admin', 'channel-manager', 'auditor'],
    query: suppressedFilters,
    answers: { 200: { description: 'One page', schema: listOf(suppressedAddress) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const from = readCursor(list, position, written);
      const rows = await listSuppressed(db, { viewer: person, filters, from, limit: limit + 1 });
      const cursor = (row: Row): string => writeCursor(list, { value: row.sortValue, id: row.id });
      return { status: 200, body: pageOf(rows, limit, { item: answerOf, cursor }) };
    },
  });
}

type Row = Awaited<ReturnType<typeof listSuppressed>>[number];

function answerOf({ channel, address, reason, code, customerId, ...row }: Row) {
  const { renewalId, messageId, since, liftedAt, liftedBy, liftReason } = row;
  const shown = channel === 'sms' ? masked.phone(address) : masked.email(address);
  const what = { id: row.id, channel, address: shown, reason, code, isOneCustomers: customerId !== null };
  return { ...what, renewalId, messageId, since, liftedAt, liftedBy, liftReason };
}

function liftRoute(db: Db): Route {
  return route({
    method: 'post',
    path: '/v1/suppressed-addresses/{id}/lift',
    summary: 'Let messages go to a suppressed address again',
    description: [
      'Say how you know that it works. What was not sent meanwhile stays unsent; the next message goes there if all rules allow',
      'it. What fails from then on is counted anew and may suppress it again.',
    ].join(' '),
    tag,
    roles: ['admin', 'channel-manager'],
    params: z.strictObject({ id }),
    reach: 'suppressed-address',
    body: liftBody,
    problems: [404, 409],
    answers: { 200: { description: 'Lifted', schema: suppressedAddress } },
    handle: async ({ person, params, body: { reason }, id: liftId }) => {
      const lift = { id: liftId, suppressionId: params.id, reason, by: person.id };
      requireLifted(await db.transaction((tx) => liftSuppression(tx, lift)));
      const row = await findSuppressed(db, person, params.id);
      if (!row) throw notFound('suppressed-address');
      return { status: 200, body: answerOf(row) };
    },
  });
}

function requireLifted({ kind }: LiftAnswer): void {
  switch (kind) {
    case 'lifted':
      return;
    case 'lifted-before':
      throw conflict('address-not-suppressed', 'Somebody lifted this already; messages go there again.');
    case 'unknown':
      throw notFound('suppressed-address');
  }
}
