import { and, asc, count, desc, eq, like } from 'drizzle-orm';
import { storedPlan } from '../db/cases/stored-plan.ts';
import type { Db } from '../db/connection.ts';
import { contactResults } from '../db/schema/contact-results.ts';
import { customers } from '../db/schema/customers.ts';
import { journal } from '../db/schema/journal.ts';
import { messages } from '../db/schema/messages.ts';
import { stagePlans } from '../db/schema/stage-plans.ts';
import { staff } from '../db/schema/organisation.ts';
import { policies } from '../db/schema/policies.ts';
import { quotes } from '../db/schema/quotes.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { readConcessionsOf } from './concession-page.ts';
import { readGains } from './gains.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

export type RenewalPage = NonNullable<Awaited<ReturnType<typeof readRenewalPage>>>;

/**
 * Everything recorded about one case, unmasked; nothing when it does not exist or the viewer may not see it
 * (api.md, GET /v1/renewals/{id}). Results come newest first, tasks by due time.
 */
export async function readRenewalPage(db: Db, viewer: Viewer, id: string) {
  const [head] = await db
    .select({
      renewal: renewals,
      policy: policies,
      customer: customers,
      ownerName: staff.name,
      plan: stagePlans.content,
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .leftJoin(staff, eq(staff.id, renewals.ownerId))
    .leftJoin(stagePlans, eq(stagePlans.version, renewals.planVersion))
    .where(and(eq(renewals.id, id), renewalsVisibleTo(viewer)));
  if (!head) return undefined;
  const [caseTasks, results, touches, states, escalations, caseQuotes, caseConcessions, gains] = await Promise.all([
    db.select().from(tasks).where(eq(tasks.renewalId, id)).orderBy(asc(tasks.dueAt), asc(tasks.id)).limit(500),
    db
      .select()
      .from(contactResults)
      .where(eq(contactResults.renewalId, id))
      .orderBy(desc(contactResults.recordedAt))
      .limit(500),
    readTouches(db, id),
    db
      .select({ state: messages.state, messages: count() })
      .from(messages)
      .where(eq(messages.renewalId, id))
      .groupBy(messages.state),
    readEscalations(db, id),
    db.select().from(quotes).where(eq(quotes.renewalId, id)).orderBy(desc(quotes.version)).limit(500),
    readConcessionsOf(db, id),
    readGains(db, head.renewal),
  ]);
  const plan = head.plan === null ? null : storedPlan(head.plan);
  return {
    ...head,
    plan,
    tasks: caseTasks,
    results,
    touches,
    states,
    escalations,
    quotes: caseQuotes,
    concessions: caseConcessions,
    ...gains,
  };
}

function readTouches(db: Db, id: string) {
  const { touch, channel, template, state, reason, dueAt, claimedAt, settledAt } = messages;
  return db
    .select({ id: messages.id, touch, channel, template, state, reason, dueAt, claimedAt, settledAt })
    .from(messages)
    .where(eq(messages.renewalId, id))
    .orderBy(asc(messages.dueAt), asc(messages.id))
    .limit(500);
}

function readEscalations(db: Db, id: string) {
  return db
    .select({ at: journal.at, event: journal.event, reason: journal.reason, inputs: journal.inputs })
    .from(journal)
    .where(and(eq(journal.chain, id), like(journal.event, 'escalated:%')))
    .orderBy(asc(journal.sequence));
}
