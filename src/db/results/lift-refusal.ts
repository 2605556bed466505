import { and, eq, gt, inArray, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import { hasCarriedRefusalOf } from '../customers/carried-refusals.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { journaliseMessages } from '../messages/journal-messages.ts';
import { refreshOpenCasesOf } from './refuse-contact.ts';
import type { ResultRow } from './result-records.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { givenBackColumns, givenBackEntries } from '../tasks/moved-tasks.ts';

/**
 * Takes a mistaken refusal of contact back: the customer, also where a list carried the refusal to another row of the same
 * person, is left alone only as long as another refusal says so, the supervisor's one task goes, and work and messages that
 * fell away come back. What was missed meanwhile stays unsent.
 */
export async function liftRefusal(tx: Db, situation: CaseSituation, struck: ResultRow): Promise<CaseSituation> {
  const { customerId } = situation.policy;
  const lifted = await liftOf(tx, customerId, struck);
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(eq(tasks.key, `${struck.renewalId}/do-not-contact-review/${struck.id}`), eq(tasks.state, 'open')));
  for (const { id } of lifted.filter(({ until }) => until === null)) {
    await giveBackWork(tx, situation, { customerId: id, struck });
    await giveBackMessages(tx, id);
    await refreshOpenCasesOf(tx, id, situation.calendar);
  }
  const isFree = lifted.some(({ id, until }) => id === customerId && until === null);
  return isFree ? { ...situation, doNotContactUntil: null } : situation;
}

type Lifted = { id: string; until: Date | null };

/** Until when a customer, and whoever has the refusal from there, is left alone after it; none where another one holds. */
async function liftOf(tx: Db, customerId: string, struck: ResultRow): Promise<Lifted[]> {
  const carriers = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(hasCarriedRefusalOf(customerId))
    .orderBy(customers.id);
  const of = inArray(
    customers.id,
    carriers.map(({ id }) => id),
  );
  const [other] = await tx
    .select({ until: otherRefusalOf(customerId, struck.id) })
    .from(customers)
    .where(eq(customers.id, customerId));
  return tx
    .update(customers)
    .set({
      doNotContactUntil: sql`greatest(${other?.until ?? null}::timestamptz, ${otherRefusalOf(sql.raw('customers.id'), struck.id)})`,
    })
    .where(and(of, eq(customers.doNotContactUntil, monthsLater(struck))))
    .returning({ id: customers.id, until: customers.doNotContactUntil });
}

function monthsLater({ recordedAt }: ResultRow) {
  return sql`${recordedAt.toISOString()}::timestamptz + interval '6 months'`;
}

/** Another result, or an answer by SMS, that refuses contact too. */
function otherRefusalOf(customerId: string | SQL, struckId: string): SQL<string | null> {
  return sql<string | null>`(select max(refused_at) + interval '6 months' from (
    select r.recorded_at as refused_at from contact_results r
      join renewals c on c.id = r.renewal_id join policies p on p.id = c.policy_id
      where p.customer_id = ${customerId} and r.id <> ${struckId} and r.result = 'refused-contact'
        and r.state in ('applied', 'late')
    union all select m.received_at from inbound_messages m join inbound_senders s on s.message_id = m.id
      where s.customer_id = ${customerId} and m.meaning = 'no-contact' and m.certain
  ) refusals)`;
}

function contactableCasesOf(tx: Db, customerId: string) {
  return tx
    .select({ id: renewals.id })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(policies.customerId, customerId), isNull(renewals.outcome), isNull(renewals.refusedContactAt)));
}

async function giveBackMessages(tx: Db, customerId: string): Promise<void> {
  const ahead = await tx
    .update(messages)
    .set({ state: 'planned', reason: null })
    .where(
      and(
        inArray(messages.renewalId, contactableCasesOf(tx, customerId)),
        eq(messages.state, 'suppressed'),
        inArray(messages.reason, ['refused-contact', 'do-not-contact']),
        gt(messages.dueAt, sql`business_now()`),
      ),
    )
    .returning();
  await journaliseMessages(
    tx,
    ahead.map((message) => ({ ...message, reason: 'result-corrected' })),
  );
}

async function giveBackWork(
  tx: Db,
  situation: CaseSituation,
  { customerId, struck }: { customerId: string; struck: ResultRow },
): Promise<void> {
  const again = await tx
    .update(tasks)
    .set({ state: 'open', droppedReason: null })
    .where(
      and(
        inArray(tasks.renewalId, contactableCasesOf(tx, customerId)),
        eq(tasks.state, 'dropped'),
        eq(tasks.droppedReason, 'refused-contact'),
        or(gt(tasks.dueAt, sql`business_now()`), ne(tasks.kind, 'call-back')),
      ),
    )
    .returning(givenBackColumns);
  await journalise(tx, givenBackEntries(again, { resultId: struck.id }, situation));
}
