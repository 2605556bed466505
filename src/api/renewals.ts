import { z } from 'zod';
import { casesLeftAlone } from '../db/cases/left-alone.ts';
import type { Db } from '../db/connection.ts';
import { journalise } from '../db/journal/journal-records.ts';
import { roles, type Person, type Role } from '../db/staff/staff-records.ts';
import { chinesePlate } from '../intake/read-vehicle.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { readEventsAhead } from '../reporting/events-ahead.ts';
import { readJournal } from '../reporting/journal-page.ts';
import { listRenewals, type RenewalSortKey } from '../reporting/renewal-list.ts';
import { readRenewalPage } from '../reporting/renewal-page.ts';
import { mayReach } from '../reporting/scope/reach.ts';
import { contactRefused, withoutCalling } from './left-alone.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { asRevealer } from './doors/masking.ts';
import { notFound, refusal } from './doors/problem.ts';
import { renewalAnswer, renewalItemAnswer, type Links } from './renewal-answer.ts';
import { route, type Route } from './doors/route.ts';
import { flag, listOf, paging, renewalId, storedInstant } from './schemas/basics.ts';
import { journalPage } from './schemas/journal.ts';
import { renewalFilters, renewalItem, renewalPage } from './schemas/renewals.ts';

export type RenewalParts = { db: Db; calendar: Calendar; links: Links };

export const caseReaders: readonly Role[] = roles.filter((role) => role !== 'core-system');

const tag = 'renewals';

/** How many of the events ahead of a case an answer shows. */
const shownAhead = 3;

export function renewalRoutes(parts: RenewalParts): Route[] {
  return [listRoute(parts), oneRoute(parts), journalRoute(parts)];
}

const positionOf: Record<RenewalSortKey, z.ZodObject> = {
  expiresOn: z.object({ value: z.iso.date(), id: renewalId }),
  nextActionAt: z.object({ value: storedInstant.nullable(), id: renewalId }),
  priority: z.object({ value: z.string().regex(/^-?\d{1,9}$/), id: renewalId }),
};

function listRoute({ db }: RenewalParts): Route {
  return route({
    method: 'get',
    path: '/v1/renewals',
    summary: 'The cases you may see',
    tag,
    roles: caseReaders,
    query: renewalFilters,
    answers: { 200: { description: 'One page', schema: listOf(renewalItem) } },
    handle: async ({ person, query }) => {
      const { limit, cursor, sort, plate, ...filters } = query;
      const descending = sort.startsWith('-');
      const key = sort.replace('-', '') as RenewalSortKey;
      const from = readCursor(`renewals ${sort}`, positionOf[key], cursor) as
        { value: string | null; id: string } | undefined;
      const rows = await listRenewals(db, {
        viewer: person,
        filters: { ...filters, plate: plate === undefined ? undefined : normalisedPlate(plate) },
        sort: { key, descending },
        from,
        limit: limit + 1,
      });
      const cursorOf = (row: (typeof rows)[number]): string =>
        writeCursor(`renewals ${sort}`, { value: row.sortValue, id: row.id });
      return { status: 200, body: pageOf(rows, limit, { item: renewalItemAnswer, cursor: cursorOf }) };
    },
  });
}

function normalisedPlate(written: string): string {
  const reading = chinesePlate(written);
  return reading.kind === 'value' && reading.value !== undefined ? reading.value : written.toUpperCase();
}

function oneRoute(parts: RenewalParts): Route {
  return route({
    method: 'get',
    path: '/v1/renewals/{id}',
    summary: 'One case with all that belongs to it',
    description: [
      'Names, addresses, plates and VINs are masked; `reveal=true` shows them to roles that work with customers, and is',
      'journalled. Of a customer who refused contact it shows agent and call centre nothing: 409.',
    ].join(' '),
    tag,
    roles: caseReaders,
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    query: z.strictObject({ reveal: flag.optional() }),
    problems: [404, 409],
    answers: { 200: { description: 'The case', schema: renewalPage } },
    handle: async ({ person, params, query }) => ({
      status: 200,
      body: await readRenewalAnswer(parts, person, { id: params.id, reveal: query.reveal ?? false }),
    }),
  });
}

/** The case as its answer; unknown and foreign ids are the same 404. */
export async function readRenewalAnswer(parts: RenewalParts, person: Person, asked: { id: string; reveal: boolean }) {
  const page = await readRenewalPage(parts.db, person, asked.id);
  if (!page) throw notFound('renewal');
  const reveal = asked.reveal && (await reveals(parts.db, person, asked.id));
  const { db, calendar, links } = parts;
  const next = await readEventsAhead(db, person, { renewalId: asked.id, count: shownAhead, calendar });
  return { ...renewalAnswer(page, { calendar, links, reveal }), next };
}

/**
 * Reveals a case to whoever sees it in a role that works with customers; the journal has it before anybody sees it. Nobody
 * calls a customer who is left alone, so that the roles that call reveal nothing of one.
 */
async function reveals(db: Db, person: Person, id: string): Promise<boolean> {
  const reaches = async (one: Person | undefined): Promise<boolean> =>
    one !== undefined && (await mayReach(db, one, { reach: 'renewal', id }));
  const anyone = asRevealer(person);
  if (!anyone || !(await reaches(anyone))) return false;
  const isAlone = (await casesLeftAlone(db, [id])).length > 0;
  const revealer = isAlone ? withoutCalling(anyone) : anyone;
  if (!revealer || !(await reaches(revealer))) throw refusal(contactRefused.code, contactRefused.detail);
  const entry = { chain: id, actor: person.id, event: 'revealed', reason: 'asked-by-person' };
  await journalise(db, [{ ...entry, inputs: { roles: revealer.roles } }]);
  return true;
}

function journalRoute({ db, calendar }: RenewalParts): Route {
  return route({
    method: 'get',
    path: '/v1/renewals/{id}/journal',
    summary: 'Every decision about a case with its reason, hash-chained',
    description: [
      'An entry that sends, skips, holds, assigns or escalates is explained: its rule and where that stands, the stage plan',
      'version, what it rests on and what the calendar showed. `next` tells what is planned of the case from now on.',
    ].join(' '),
    tag,
    roles: caseReaders,
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    query: z.strictObject(paging),
    problems: [404],
    answers: { 200: { description: 'One page in the order of events', schema: journalPage } },
    handle: async ({ person, params, query }) => {
      const after = readCursor('journal', z.object({ sequence: z.number().int().min(0) }), query.cursor)?.sequence ?? 0;
      const rows = await readJournal(db, person, { renewalId: params.id, after, limit: query.limit + 1 });
      const item = ({ chain: _chain, ...entry }: (typeof rows)[number]) => entry;
      const cursor = (row: (typeof rows)[number]): string => writeCursor('journal', { sequence: row.sequence });
      const next = await readEventsAhead(db, person, { renewalId: params.id, count: shownAhead, calendar });
      return { status: 200, body: { ...pageOf(rows, query.limit, { item, cursor }), next } };
    },
  });
}
