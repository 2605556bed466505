import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { countDue } from '../../renewal/due-time.ts';
import { readSituation } from '../cases/case-situation.ts';
import { refreshNextActions } from '../cases/next-action-records.ts';
import type { Db } from '../connection.ts';
import { planVersionsOf } from '../cases/plan-versions.ts';
import { journalise } from '../journal/journal-records.ts';
import { withdrawLossChecksOf } from '../losses/loss-finding-records.ts';
import { asDropped, decidedAs } from '../messages/dropped-messages.ts';
import { journaliseMessages, type Because } from '../messages/journal-messages.ts';
import type { contactResults } from '../schema/contact-results.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { meansToCall } from '../tasks/calling-tasks.ts';
import { assignTasks } from '../tasks/task-records.ts';

type ResultRow = typeof contactResults.$inferSelect;

/**
 * Do-not-contact from this moment for six months (business.md, Contact results): nothing planned goes out any more, agent
 * and call centre have nobody to call, a promised call-back is forgotten, and the supervisor has one task. A second round
 * that runs is about the refusal from now on.
 */
export async function refuseContact(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  const situation = await readSituation(tx, row.renewalId, calendar);
  const { policy, renewal, plan } = situation;
  await tx
    .update(renewals)
    .set({
      refusedContactAt: row.recordedAt,
      callBackAt: null,
      ...(renewal.secondRoundDueAt === null ? {} : { secondRoundReason: 'refused-contact' }),
    })
    .where(eq(renewals.id, renewal.id));
  await silenceCustomer(tx, { customerId: policy.customerId, ...refusalOf(row) }, calendar);
  const kind = 'do-not-contact-review';
  const due = countDue(kind, { from: row.recordedAt.getTime(), latest: plan.closesAt }, calendar);
  await assignTasks(tx, situation, [{ kind, occasion: row.id, ...due }]);
}

/** A customer who refuses contact after the close must be left alone just the same; only the case has nothing to follow. */
export async function refuseContactLate(tx: Db, row: ResultRow, calendar: Calendar): Promise<void> {
  const [found] = await tx
    .select({ customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, row.renewalId));
  if (found) await silenceCustomer(tx, { ...found, ...refusalOf(row) }, calendar);
}

function refusalOf({ id, recordedAt }: ResultRow): Pick<Refusal, 'refusedAt' | 'by'> {
  return { refusedAt: recordedAt, by: { resultId: id } };
}

/** A customer who wants no contact since an instant (business time), and what says so: a result or a message of theirs. */
export type Refusal = { customerId: string; refusedAt: Date; by: { resultId: string } | { inboundId: string } };

/**
 * Leaves a customer alone for six months: in none of their open cases is anybody left to call, and nothing planned goes out.
 * The cases are locked by the caller; the messages go before their customer, as a send locks them.
 */
export async function silenceCustomer(tx: Db, refusal: Refusal, calendar: Calendar): Promise<void> {
  const { customerId, refusedAt } = refusal;
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'refused-contact' })
    .where(and(inArray(tasks.renewalId, openCasesOf(tx, customerId)), eq(tasks.state, 'open'), meansToCall));
  const withdrawn = await withdrawLossChecksOf(tx, customerId);
  const dropped = { state: 'suppressed', reason: 'refused-contact' };
  const stopped = await tx
    .update(messages)
    .set(asDropped(dropped))
    .where(and(eq(messages.customerId, customerId), eq(messages.state, 'planned')))
    .returning();
  await tx
    .update(customers)
    .set({
      doNotContactUntil: sql`greatest(${customers.doNotContactUntil}, ${refusedAt.toISOString()}::timestamptz + interval '6 months')`,
    })
    .where(eq(customers.id, customerId));
  const suppressed = stopped.map((message) => decidedAs(message, dropped));
  await journalise(tx, withdrawn);
  await journaliseMessages(tx, suppressed, await becauseOfRefusal(tx, refusal, { suppressed, calendar }));
  await refreshOpenCasesOf(tx, customerId, calendar);
}

/** It stops what is planned in every case of the customer, each by a stage plan of its own. */
async function becauseOfRefusal(
  tx: Db,
  { refusedAt, by }: Refusal,
  { suppressed, calendar }: { suppressed: readonly { renewalId: string }[]; calendar: Calendar },
): Promise<Because> {
  const versions = await planVersionsOf(
    tx,
    suppressed.map(({ renewalId }) => renewalId),
  );
  const now = refusedAt.getTime();
  return {
    step: 'refusal',
    decidingOn: ({ renewalId }) => ({ planVersion: versions.get(renewalId) ?? null, calendar, now }),
    facts: () => ({ ...by, refusedAt }),
  };
}

/** A case that is in a step of its own just now says what comes next by itself. */
export async function refreshOpenCasesOf(tx: Db, customerId: string, calendar: Calendar): Promise<void> {
  const free = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(inArray(renewals.id, openCasesOf(tx, customerId)))
    .for('update', { skipLocked: true });
  const ids = free.map(({ id }) => id);
  await refreshNextActions(tx, ids, calendar);
}

function openCasesOf(tx: Db, customerId: string) {
  return tx
    .select({ id: renewals.id })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(policies.customerId, customerId), isNull(renewals.outcome)));
}
