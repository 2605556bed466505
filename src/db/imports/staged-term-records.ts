import { sql, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { PolicyTerm } from '../../renewal/policy.ts';
import type { Db } from '../connection.ts';

export type StagedTerm = { line: number; duplicateKey: string; term: PolicyTerm };

/** Lines of the list after one and up to another. */
export type StagedLines = { after: number; upTo: number };

const columns = sql.raw(`line integer, duplicate_key text, policy_id uuid, customer_id uuid,
  policy_number text, starts_on date, expires_on date, term_days integer, cover_type text,
  plate text, vin text, engine_number text, model text, first_registered_on date,
  premium numeric(14, 2), claims_count integer, claims_amount numeric(14, 2), channel text, fleet_number text,
  underwriting_approved boolean, cancelled_on date, note text,
  customer_key text, customer_name text, phone text, email text, time_zone text, language text, tier text,
  sms_consent boolean, email_consent boolean, branch_id text, branch_name text,
  agent_id text, agent_name text, agent_departed boolean,
  supervisor_id text, supervisor_name text, specialist_id text, specialist_name text`);

/** Gives a connection of its own, on which temporary tables last; it is closed afterwards and they go with it. */
export async function onOwnConnection<Answer>(pool: Pool, use: (db: Db) => Promise<Answer>): Promise<Answer> {
  const client = await pool.connect();
  // The query that meets a lost connection reports it; without a listener the event would end the process.
  client.on('error', () => {});
  try {
    return await use(drizzle(client, { casing: 'snake_case' }));
  } finally {
    client.release(true);
  }
}

/** The list as it was accepted, beside the book: a million rows lie on PostgreSQL's disk, not in our memory. */
export async function createStage(db: Db): Promise<void> {
  // The default of 8 MB would look for duplicates on the disk from some ten thousand rows on.
  await db.execute(sql`set temp_buffers = '128MB'`);
  await db.execute(sql`create temporary table staged_terms (${columns}, primary key (line), unique (duplicate_key))`);
}

/** Stages rows and answers the lines of those that were not staged before; the others are duplicates. */
export async function stageTerms(db: Db, terms: StagedTerm[]): Promise<Set<number>> {
  if (terms.length === 0) return new Set();
  const { rows } = await db.execute<{ line: number }>(sql`
    insert into staged_terms select * from json_to_recordset(${JSON.stringify(terms.map(stagedRow))}::json) as row (${columns})
    order by line on conflict do nothing returning line`);
  return new Set(rows.map(({ line }) => line));
}

/** To be called once when all rows are staged. */
export async function indexStage(db: Db): Promise<void> {
  await db.execute(sql`set statement_timeout = '10min'`);
  await db.execute(sql`create index on staged_terms (customer_key, line)`);
  await db.execute(sql`analyze staged_terms`);
  await db.execute(sql`reset statement_timeout`);
}

/** The last line of the next so many staged rows; undefined when there are none. */
export async function nextStagedLine(db: Db, after: number, rows: number): Promise<number | undefined> {
  const { rows: found } = await db.execute<{ line: number | null }>(sql`
    select max(line) as line from (select line from staged_terms where line > ${after} order by line limit ${rows}) ahead`);
  return found[0]?.line ?? undefined;
}

export function within({ after, upTo }: StagedLines): SQL {
  return sql`s.line > ${after} and s.line <= ${upTo}`;
}

function stagedRow({ line, duplicateKey, term }: StagedTerm): Record<string, unknown> {
  const { vehicle, customer, owners } = term;
  return {
    line,
    duplicate_key: duplicateKey,
    policy_id: uuidv7(),
    customer_id: uuidv7(),
    policy_number: term.policyNumber,
    starts_on: term.startsOn,
    expires_on: term.expiresOn,
    term_days: term.termDays,
    cover_type: term.coverType,
    plate: vehicle.plate,
    vin: vehicle.vin,
    engine_number: vehicle.engineNumber,
    model: vehicle.model,
    first_registered_on: vehicle.firstRegisteredOn,
    premium: term.premium,
    claims_count: term.claimsCount,
    claims_amount: term.claimsAmount,
    channel: term.channel,
    fleet_number: term.fleetNumber,
    underwriting_approved: term.underwritingApproved,
    cancelled_on: term.cancelledOn,
    note: term.note,
    customer_key: customer.key,
    customer_name: customer.name,
    phone: customer.phone,
    email: customer.email,
    time_zone: customer.timeZone,
    language: customer.language,
    tier: customer.tier,
    sms_consent: customer.consent.sms,
    email_consent: customer.consent.email,
    branch_id: owners.branch.id,
    branch_name: owners.branch.name,
    agent_id: owners.agent?.id,
    agent_name: owners.agent?.name,
    agent_departed: owners.agent?.departed,
    supervisor_id: owners.supervisor?.id,
    supervisor_name: owners.supervisor?.name,
    specialist_id: owners.specialist?.id,
    specialist_name: owners.specialist?.name,
  };
}
