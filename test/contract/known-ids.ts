import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../src/db/connection.ts';
import type { RunningApi } from '../api/running-api.ts';

/** Lists whose items somebody sees are asked as that person, so that most requests reach what is theirs. */
const lists = [
  'renewals',
  'tasks',
  'handovers',
  'fleets',
  'callbacks',
  'messages',
  'staff-messages',
  'suppressed-addresses',
];

/** The rows of other paths; the people who ask stay out of it, so that nobody changes their roles. */
const rows: Record<string, SQL> = {
  imports: sql`select id::text from imports`,
  intake: sql`select id::text from intake_runs`,
  staff: sql`select id from staff where id like '%-peer' or id like 'south-%'`,
  branches: sql`select id from branches`,
  teams: sql`select id from teams`,
  concessions: sql`select id::text from concessions`,
};

/** Parameters that name a part of the thing in front of them. */
const partsOf: Record<string, SQL> = {
  resultId: sql`select renewal_id as owner, id::text from contact_results`,
  absenceId: sql`select staff_id as owner, id::text from absences`,
};

type Known = { things: Record<string, string[]>; parts: Record<string, Record<string, string[]>> };

/** What `{id}` may name under /v1/<kind>/{id}, by kind, and what a parameter behind it may name then. */
export async function knownIds(api: RunningApi, person: string): Promise<Known> {
  const known: Known = { things: {}, parts: {} };
  for (const [kind, query] of Object.entries(rows))
    known.things[kind] = (await read(api.db, query)).map(({ id }) => id);
  for (const kind of lists) known.things[kind] = await listedFor(api, person, kind);
  for (const [parameter, query] of Object.entries(partsOf)) {
    const parts = Object.groupBy(await read(api.db, query), ({ owner }) => owner ?? '');
    known.parts[parameter] = Object.fromEntries(
      Object.entries(parts).map(([owner, found = []]) => [owner, found.map(({ id }) => id)]),
    );
  }
  return known;
}

async function read(db: Db, query: SQL): Promise<{ id: string; owner?: string }[]> {
  return (await db.execute<{ id: string; owner?: string }>(query)).rows;
}

async function listedFor({ as }: RunningApi, person: string, kind: string): Promise<string[]> {
  const mine = await as(person).get(`/v1/${kind}?limit=200`);
  const page = mine.status === 200 ? mine : await as('admin').get(`/v1/${kind}?limit=200`);
  return (page.body.items as { id: string }[]).map(({ id }) => id);
}
