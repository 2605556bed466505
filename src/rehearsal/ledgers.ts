import { sql } from 'drizzle-orm';
import type { TemporalConnection } from '../cases/connect.ts';
import type { Db } from '../db/connection.ts';
import type { RehearsalStack } from './rehearsal-stack.ts';
import { sumOf, type Counts } from './situation.ts';

/** Two counts that must be equal, but for sends whose answer nobody knows. */
export type Ledger = { what: string; here: number; there: number; uncertain: number };

/**
 * `workflows`: those of cases, by status. `failedOthers`: sweeps, intakes and hand-overs that broke off. `unsent`:
 * messages that no provider took, by state and reason.
 */
export type Ledgers = { pages: Ledger[]; workflows: Counts; failedOthers: number; results: Counts; unsent: Counts };

/** The books of the database beside Temporal, the SMS stand-in and the mail catcher. */
export async function readLedgers({ db, temporal, urls }: RehearsalStack): Promise<Ledgers> {
  const [workflows, failedOthers, cases, sent, unsent, results, sms, email] = await Promise.all([
    countWorkflows(temporal),
    countFailedOthers(temporal),
    countCases(db),
    countSent(db),
    countUnsent(db),
    countResults(db),
    countSms(`${urls.sms}/messages`),
    countMails(urls.mail),
  ]);
  const message = (what: string, channel: string, there: number): Ledger => ({
    what,
    here: sent[`${channel} accepted`] ?? 0,
    there,
    uncertain: sent[`${channel} unknown`] ?? 0,
  });
  // A case that went on in a new run has one more execution and is still one case.
  const { ContinuedAsNew: _earlierRuns, ...last } = workflows;
  const pages = [
    { what: 'cases and workflows', here: cases.all, there: sumOf(last), uncertain: 0 },
    { what: 'closed cases and completed workflows', here: cases.closed, there: last['Completed'] ?? 0, uncertain: 0 },
    message('SMS accepted and SMS at the stand-in', 'sms', sms),
    message('e-mails accepted and e-mails at the catcher', 'email', email),
  ];
  return { pages, workflows, failedOthers, results, unsent };
}

export function agrees({ here, there, uncertain }: Ledger): boolean {
  return here <= there && there <= here + uncertain;
}

/** Workflows of cases by their status in Temporal, as its visibility store counts them. */
export async function countWorkflows({ client }: TemporalConnection): Promise<Counts> {
  const { groups } = await client.workflow.count("WorkflowType = 'renewal' GROUP BY ExecutionStatus");
  return Object.fromEntries(groups.map(({ groupValues, count }) => [String(groupValues[0]), count]));
}

async function countFailedOthers({ client }: TemporalConnection): Promise<number> {
  const failed = "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')";
  return (await client.workflow.count(`WorkflowType != 'renewal' AND ${failed}`)).count;
}

async function countCases(db: Db): Promise<{ all: number; closed: number }> {
  const { rows } = await db.execute<{ all: number; closed: number }>(
    sql`select count(*)::int as all, count(outcome)::int as closed from renewals`,
  );
  return rows[0] ?? { all: 0, closed: 0 };
}

/** Messages to customers and to staff by channel, `accepted` when a provider took them and `unknown` when nobody knows. */
async function countSent(db: Db): Promise<Counts> {
  return readCounts(
    db,
    sql`select channel || case when state in ('unknown', 'claimed') then ' unknown' else ' accepted' end as name,
      count(*)::int as count
    from (select channel, state from messages union all select channel, state from staff_messages) sent
    where state in ('accepted', 'delivered', 'undelivered', 'unknown', 'claimed') group by 1`,
  );
}

async function countUnsent(db: Db): Promise<Counts> {
  return readCounts(
    db,
    sql`select concat_ws(' ', state, touch, reason) as name, count(*)::int as count
    from messages where state not in ('accepted', 'delivered', 'undelivered') group by 1 order by 1`,
  );
}

async function countResults(db: Db): Promise<Counts> {
  return readCounts(db, sql`select state as name, count(*)::int as count from contact_results group by 1`);
}

async function readCounts(db: Db, query: ReturnType<typeof sql>): Promise<Counts> {
  const { rows } = await db.execute<{ name: string; count: number }>(query);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

async function countSms(url: string): Promise<number> {
  return ((await readJson(url)) as unknown[]).length;
}

async function countMails(page: string): Promise<number> {
  return ((await readJson(`${page}/api/email/summary?limit=1`)) as { storeTotal: number }).storeTotal;
}

async function readJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}
