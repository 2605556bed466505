import { and, eq, gt, inArray, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import { hasCarriedRefusalOf } from '../customers/carried-refusals.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { journaliseMessages } from '../messages/journal-messages.ts';
import { markMisread } from '../customers/inbound-records.ts';
import { refreshOpenCasesOf, type Refusal } from './refuse-contact.ts';
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
  const { id: resultId, recordedAt } = struck;
  const lifted = await lift(tx, situation, { refusedAt: recordedAt, by: { resultId } });
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(eq(tasks.key, `${struck.renewalId}/do-not-contact-review/${struck.id}`), eq(tasks.state, 'open')));
  await giveBack(tx, situation, { lifted, by: { resultId } });
  const isFree = lifted.some(({ id, until }) => id === situation.policy.customerId && until === null);
  return isFree ? { ...situation, doNotContactUntil: null } : situation;
}

/**
 * Takes a refusal of contact back that an answer by SMS was read as and did not mean. The opt-out of SMS that came with it
 * stands until START or a consent with evidence. The cases of the customer are locked.
 */
export async function liftMisread(
  tx: Db,
  situation: CaseSituation,
  { inboundId, by }: { inboundId: string; by: string },
): Promise<void> {
  const refusedAt = await markMisread(tx, inboundId);
  if (!refusedAt) return;
  const lifted = await lift(tx, situation, { refusedAt, by: { inboundId } });
  await giveBack(tx, situation, { lifted, by: { inboundId } });
  const entry = { chain: situation.renewal.id, actor: by, event: 'contact-allowed', reason: 'not-meant' };
  await journalise(tx, [{ ...entry, inputs: { inboundId } }]);
}

type Mistaken = Pick<Refusal, 'refusedAt' | 'by'>;

async function giveBack(
  tx: Db,
  situation: CaseSituation,
  { lifted, by }: { lifted: readonly Lifted[]; by: Refusal['by'] },
): Promise<void> {
  for (const { id } of lifted.filter(({ until }) => until === null)) {
    await giveBackWork(tx, situation, { customerId: id, by });
    await giveBackMessages(tx, id);
    await refreshOpenCasesOf(tx, id, situation.calendar);
  }
}

type Lifted = { id: string; until: Date | null };

/** Until when a customer, and whoever has the refusal from there, is left alone after it; none where another one holds. */
async function lift(tx: Db, { policy: { customerId } }: CaseSituation, mistaken: Mistaken): Promise<Lifted[]> {
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
    .select({ until: otherRefusalOf(customerId, mistaken) })
    .from(customers)
    .where(eq(customers.id, customerId));
  return tx
    .update(customers)
    .set({
      doNotContactUntil: sql`greatest(${other?.until ?? null}::timestamptz, ${otherRefusalOf(sql.raw('customers.id'), mistaken)})`,
    })
    .where(and(of, eq(customers.doNotContactUntil, monthsLater(mistaken))))
    .returning({ id: customers.id, until: customers.doNotContactUntil });
}

function monthsLater({ refusedAt }: Mistaken) {
  return sql`${refusedAt.toISOString()}::timestamptz + interval '6 months'`;
}

/** Another result, or an answer by SMS, that refuses contact too; one that was misread is no refusal any more. */
function otherRefusalOf(customerId: string | SQL, { by }: Mistaken): SQL<string | null> {
  const struckId = 'resultId' in by ? by.resultId : null;
  return sql<string | null>`(select max(refused_at) + interval '6 months' from (
    select r.recorded_at as refused_at from contact_results r
      join renewals c on c.id = r.renewal_id join policies p on p.id = c.policy_id
      where p.customer_id = ${customerId} and r.id is distinct from ${struckId}::uuid and r.result = 'refused-contact'
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
  { customerId, by }: { customerId: string; by: Refusal['by'] },
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
  await journalise(tx, givenBackEntries(again, by, situation));
}
