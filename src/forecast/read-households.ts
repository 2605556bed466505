import { and, eq, getTableColumns, gte, isNull, lte, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { effectiveContactsOf } from '../db/results/effective-contacts.ts';
import { eligibilityFacts, laterTermOfTheVehicle, sameVehicleFirst } from '../db/cases/intake-records.ts';
import type { Db } from '../db/connection.ts';
import { maybeSent, type CustomerRow, type SentRow } from '../db/messages/message-records.ts';
import { suppressedFor } from '../db/customers/suppressed-records.ts';
import { customers } from '../db/schema/customers.ts';
import { messages } from '../db/schema/messages.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { addDays, type Day, type Instant } from '../renewal/calendar.ts';
import { contactResults, isEffectiveContact } from '../renewal/contact-result.ts';
import { horizonDays } from '../renewal/eligibility.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import type { Household } from './forecast-case.ts';
import { comingCases, openCase, type ComingRow, type OpenRow, type Opening } from './forecast-rows.ts';

/** The span of a forecast: its days, the present instant and the first instant of the week that caps look at. */
export type Reading = Opening & { today: Day; lastDay: Day; weekAgo: Instant };

const customersOfPage = 1_000;

/** How many cases a forecast looks at: the open ones, and the policies that come within the horizon of its days. */
export async function countCases(db: Db, reading: Reading): Promise<number> {
  const open = await db.$count(renewals, isNull(renewals.outcome));
  const { rows } = await db.execute<{ coming: number }>(sql`
    select count(*)::int as coming from policies where ${comesWithin(reading)}
      and not exists (select 1 from renewals r where r.policy_id = policies.id)`);
  return open + (rows[0]?.coming ?? 0);
}

function comesWithin({ today, lastDay }: Reading) {
  return and(gte(policies.expiresOn, today), lte(policies.expiresOn, addDays(lastDay, horizonDays)));
}

/**
 * All customers with an open or coming case, a page at a time, with everything that their cases' next days hang on. Their
 * ids are read once: to look for the next thousand of them in each page would read the whole book each time. The next page is
 * read while one is lived through.
 */
export async function* readHouseholds(db: Db, reading: Reading): AsyncGenerator<Household[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select distinct customer_id as id from policies left join renewals r on r.policy_id = policies.id
    where (r.id is not null and r.outcome is null) or (r.id is null and ${comesWithin(reading)}) order by 1`);
  const ids = rows.map(({ id }) => id);
  const read = (from: number): Promise<Household[]> => {
    const page = readPage(db, reading, ids.slice(from, from + customersOfPage));
    // Whoever waits for the page hears of it; until then its failure is nobody's.
    page.catch(() => {});
    return page;
  };
  let ahead = read(0);
  for (let from = 0; from < ids.length; from += customersOfPage) {
    const page = await ahead;
    ahead = read(from + customersOfPage);
    yield page;
  }
}

async function readPage(db: Db, reading: Reading, ids: readonly string[]): Promise<Household[]> {
  return ids.length === 0 ? [] : householdsOf(db, reading, await customersOf(db, ids));
}

type KnownCustomer = CustomerRow & { suppressed: Channel[] };

function customersOf(db: Db, ids: readonly string[]): Promise<KnownCustomer[]> {
  const { id, phone, email } = customers;
  const suppressed = sql<Channel[]>`array_remove(array[
    case when ${suppressedFor('sms', { id, address: phone })} then 'sms' end,
    case when ${suppressedFor('email', { id, address: email })} then 'email' end], null)`;
  return db
    .select({ ...getTableColumns(customers), suppressed })
    .from(customers)
    .where(isAnyOf(customers.id, ids, 'uuid'))
    .orderBy(customers.id)
    .execute();
}

async function householdsOf(db: Db, reading: Reading, page: readonly KnownCustomer[]): Promise<Household[]> {
  const ids = page.map(({ id }) => id);
  const open = await openRows(db, ids);
  const renewalIds = open.map(({ renewal }) => renewal.id);
  const [sent, contacts, planned, given, coming] = [
    await sentRows(db, ids, reading.weekAgo),
    await effectiveContactsOf(db, ids, reading.weekAgo),
    await messageRows(db, renewalIds),
    await taskRows(db, renewalIds),
    await comingRows(db, ids, reading),
  ];
  const byCase = { messages: Map.groupBy(planned, ofCase), tasks: Map.groupBy(given, ofCase) };
  const byCustomer = {
    open: Map.groupBy(open, ({ customerId }) => customerId),
    coming: Map.groupBy(coming, ({ policy }) => policy.customerId),
    sent: Map.groupBy(sent, ({ customerId }) => customerId),
    contacts: Map.groupBy(contacts, ({ customerId }) => customerId),
  };
  return page.map((customer) => ({
    customer,
    suppressed: customer.suppressed,
    cases: [
      ...(byCustomer.open.get(customer.id) ?? []).map((row) => {
        const { id } = row.renewal;
        return openCase(row, { messages: byCase.messages.get(id) ?? [], tasks: byCase.tasks.get(id) ?? [] }, reading);
      }),
      ...comingCases(byCustomer.coming.get(customer.id) ?? [], reading),
    ],
    sent: byCustomer.sent.get(customer.id) ?? [],
    contacts: byCustomer.contacts.get(customer.id) ?? [],
  }));
}

/** One array as one parameter: a thousand parameters each take longer to write down than to find. */
function isAnyOf(column: AnyPgColumn, ids: readonly string[], type: 'uuid' | 'text') {
  return sql`${column} = any(${sql.param([...ids])}::${sql.raw(type)}[])`;
}

function ofCase({ renewalId }: { renewalId: string | null }): string {
  return renewalId ?? '';
}

function openRows(db: Db, customerIds: readonly string[]): Promise<OpenRow[]> {
  const handoverDueAt = sql<Date | null>`(select min(case when i.state = 'offered' then i.offer_due_at else h.due_at end)
    from handover_items i join handovers h on h.id = i.handover_id
    where i.renewal_id = ${renewals.id} and i.state in ('undecided', 'offered') and ${renewals.orphanedAt} is not null)`;
  const isOffered = sql<boolean>`exists (select 1 from handover_items i where i.renewal_id = ${renewals.id}
    and i.state = 'offered' and i.channel = 'call-centre' and ${renewals.orphanedAt} is not null)`;
  const fleetReachedAt = sql<Date | null>`(select max(c.recorded_at) from renewals f
    join contact_results c on c.renewal_id = f.id where f.fleet_id = ${renewals.fleetId} and c.kind = 'contact'
      and c.state in ('received', 'applied') and c.corrected_at is null
      and c.result in ${contactResults.filter(isEffectiveContact)})`;
  return db
    .select({
      renewal: renewals,
      customerId: policies.customerId,
      plate: policies.plate,
      vin: policies.vin,
      specialistId: policies.specialistId,
      supervisorId: policies.supervisorId,
      handoverDueAt: handoverDueAt.mapWith(renewals.openedAt),
      isOffered,
      fleetReachedAt: fleetReachedAt.mapWith(renewals.openedAt),
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(isAnyOf(policies.customerId, customerIds, 'uuid'), isNull(renewals.outcome)))
    .orderBy(renewals.id)
    .execute();
}

function messageRows(db: Db, renewalIds: readonly string[]) {
  const { renewalId, touch, channel, template, state, reason, dueAt, latestAt, heldUntil, cameToAt } = messages;
  return db
    .select({ renewalId, touch, channel, template, state, reason, dueAt, latestAt, heldUntil, cameToAt })
    .from(messages)
    .where(isAnyOf(renewalId, renewalIds, 'text'))
    .execute();
}

function taskRows(db: Db, renewalIds: readonly string[]) {
  const { renewalId, key, kind, stage, state, droppedReason, dueAt, role, assigneeId } = tasks;
  return db
    .select({ renewalId, key, kind, stage, state, droppedReason, dueAt, role, assigneeId })
    .from(tasks)
    .where(isAnyOf(renewalId, renewalIds, 'text'))
    .execute();
}

async function sentRows(
  db: Db,
  customerIds: readonly string[],
  since: Instant,
): Promise<(SentRow & { customerId: string })[]> {
  const { customerId, renewalId, touch, channel, claimedAt } = messages;
  const { plate, vin } = policies;
  const rows = await db
    .select({ customerId, renewalId, touch, channel, claimedAt, plate, vin })
    .from(messages)
    .innerJoin(renewals, eq(renewals.id, renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(isAnyOf(customerId, customerIds, 'uuid'), gte(claimedAt, new Date(since)), maybeSent))
    .orderBy(claimedAt, messages.id);
  return rows.map((row) => ({ ...row, claimedAt: row.claimedAt?.getTime() ?? 0 }));
}

/** Policies without a case whose day comes, with what intake asks about each. */
async function comingRows(db: Db, customerIds: readonly string[], reading: Reading): Promise<ComingRow[]> {
  const rows = await db
    .select({ policy: policies, later: laterTermOfTheVehicle(), first: sameVehicleFirst() })
    .from(policies)
    .where(
      and(
        isAnyOf(policies.customerId, customerIds, 'uuid'),
        comesWithin(reading),
        sql`not exists (select 1 from renewals r where r.policy_id = ${policies.id})`,
      ),
    )
    .orderBy(policies.expiresOn, policies.id);
  return rows.map(({ policy, later, first }) => ({
    policy,
    facts: {
      ...eligibilityFacts(policy),
      renewedElsewhereInTheBook: later || policy.renewedAs !== null,
      sameVehicleFirst: first,
    },
  }));
}
