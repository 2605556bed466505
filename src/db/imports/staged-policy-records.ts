import { sql, TransactionRollbackError } from 'drizzle-orm';
import type { Calendar, Day } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { carryOptOuts, enterStagedCustomers, followCorrectedContacts } from './staged-customer-records.ts';
import { joinStagedFleets } from './staged-fleet-records.ts';
import { lockStaged } from './staged-locks.ts';
import { markRenewedTerms } from './staged-renewed-terms.ts';
import { enterStagedStaff, markDepartedAgents } from './staged-staff-records.ts';
import { within, type StagedLines } from './staged-term-records.ts';

export type MergeRequest = { importId: string; today: Day; calendar: Calendar; dryRun: boolean };

export type MergedLines = {
  created: number;
  changed: number;
  unchanged: number;
  /** Open cases whose expiry the list corrects: their workflows have to be told. */
  correctedRenewalIds: string[];
  departedAgentIds: string[];
};

const oneImportMergesAtATime = 20_260_061;
// A book that grows while it is read has stale statistics; a plan that scans it for every batch would take for ever.
const lookUpByIndex = sql.raw(
  ['hashjoin', 'mergejoin', 'seqscan'].map((way) => `set_config('enable_${way}', 'off', true)`).join(', '),
);

const mostDeadlocks = 5;

/**
 * Brings staged lines into the book in one transaction, which a dry run takes back. One that loses to a deadlock is done
 * again: a list of a night must not break off for it.
 */
export async function mergeStagedLines(db: Db, lines: StagedLines, request: MergeRequest): Promise<MergedLines> {
  for (let deadlocks = 0; ; deadlocks += 1) {
    try {
      return await mergeOnce(db, lines, request);
    } catch (error) {
      if (deadlocks >= mostDeadlocks || !isDeadlock(error)) throw error;
    }
  }
}

function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === '40P01') || isDeadlock(error.cause);
}

async function mergeOnce(db: Db, lines: StagedLines, request: MergeRequest): Promise<MergedLines> {
  let merged: MergedLines | undefined;
  try {
    await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${oneImportMergesAtATime}), ${lookUpByIndex}`);
      merged = await mergeLines(tx, lines, request);
      if (request.dryRun) tx.rollback();
    });
  } catch (error) {
    if (!(error instanceof TransactionRollbackError)) throw error;
  }
  if (!merged) throw new Error('the staged lines were not merged');
  return merged;
}

async function mergeLines(db: Db, lines: StagedLines, request: MergeRequest): Promise<MergedLines> {
  await lockStaged(db, lines);
  await enterStagedStaff(db, lines);
  const departedAgentIds = await markDepartedAgents(db, lines, request.today);
  await followCorrectedContacts(db, lines);
  const changedCustomers = await enterStagedCustomers(db, lines);
  await carryOptOuts(db, lines);
  await keepOverruledExpiries(db, lines);
  const correctedRenewalIds = await correctOpenCases(db, lines, request.importId);
  await joinStagedFleets(db, lines);
  const counts = await mergePolicies(db, lines, { importId: request.importId, changedCustomers });
  await markRenewedTerms(db, lines, request);
  return { ...counts, correctedRenewalIds, departedAgentIds };
}

/** What a list said before the core system corrected it is no news, however often lists say it again. */
async function keepOverruledExpiries(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(sql`
    update staged_terms s set expires_on = p.expires_on, term_days = p.term_days from policies p
    where ${within(lines)} and p.policy_number = s.policy_number and p.starts_on = s.starts_on
      and p.expires_on_overruled = s.expires_on`);
}

type CorrectedCase = { id: string; from: Day; to: Day; requestedBy: string };

/** Open cases follow the expiry that the list says; the journal has which list, whose, and both dates. */
async function correctOpenCases(db: Db, lines: StagedLines, importId: string): Promise<string[]> {
  const { rows } = await db.execute<CorrectedCase>(sql`
    with corrected as (
      select r.id, r.expires_on as was, s.expires_on as becomes
      from staged_terms s join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
      join renewals r on r.policy_id = p.id
      where ${within(lines)} and r.outcome is null and r.expires_on <> s.expires_on
      order by r.id for no key update of r)
    update renewals r set expires_on = c.becomes, grace_from = null, expiry_revision = r.expiry_revision + 1
    from corrected c where r.id = c.id
    returning r.id, c.was::text as "from", c.becomes::text as "to",
      (select requested_by from imports where id = ${importId}) as "requestedBy"`);
  const entry = { event: 'expiry-corrected', reason: 'list' };
  await journalise(
    db,
    rows.map(({ id, from, to, requestedBy }) => ({
      ...entry,
      chain: id,
      actor: requestedBy,
      inputs: { importId, from, to },
    })),
  );
  return rows.map(({ id }) => id);
}

// An empty cell says nothing: what is known of a vehicle, an agent or a cancellation stays.
async function mergePolicies(
  db: Db,
  lines: StagedLines,
  { importId, changedCustomers }: { importId: string; changedCustomers: string[] },
): Promise<Pick<MergedLines, 'created' | 'changed' | 'unchanged'>> {
  const { rows } = await db.execute<{ all: number; created: number; changed: number }>(sql`
    with merged as (
      insert into policies (id, import_id, customer_id, policy_number, starts_on, ${columnList(always)}, ${columnList(whenGiven)})
      select s.policy_id, ${importId}::uuid, c.id, s.policy_number, s.starts_on, ${columnList(always, 's.')}, ${columnList(whenGiven, 's.')}
      from staged_terms s join customers c on c.key = s.customer_key
      where ${within(lines)} order by s.policy_number, s.starts_on
      on conflict (policy_number, starts_on) do update set import_id = excluded.import_id, ${assignments}
      where (${columnList([...always, ...whenGiven, 'customer_id'], 'policies.')}) is distinct from (${newValues})
      returning policy_number, starts_on, xmax = 0 as created)
    select count(*)::int as all, (count(*) filter (where m.created))::int as created,
      (count(*) filter (where not m.created or (m.created is null and s.customer_key = any(${sql.param(changedCustomers)}))))::int as changed
    from staged_terms s left join merged m on m.policy_number = s.policy_number and m.starts_on = s.starts_on
    where ${within(lines)}`);
  const { all, created, changed } = rows[0] ?? { all: 0, created: 0, changed: 0 };
  return { created, changed, unchanged: all - created - changed };
}

const always =
  'expires_on term_days cover_type premium claims_count claims_amount branch_id underwriting_approved'.split(' ');
const whenGiven = (
  'plate vin engine_number model first_registered_on channel fleet_number ' +
  'agent_id supervisor_id specialist_id cancelled_on note'
).split(' ');
const assignments = sql.raw(
  [
    ...['customer_id', ...always].map((name) => `${name} = excluded.${name}`),
    ...whenGiven.map((name) => `${name} = coalesce(excluded.${name}, policies.${name})`),
  ].join(', '),
);
const newValues = sql.raw(
  [
    ...always.map((name) => `excluded.${name}`),
    ...whenGiven.map((name) => `coalesce(excluded.${name}, policies.${name})`),
    'excluded.customer_id',
  ].join(', '),
);

function columnList(names: string[], prefix = '') {
  return sql.raw(names.map((name) => `${prefix}${name}`).join(', '));
}
