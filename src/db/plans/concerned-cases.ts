import { and, asc, eq, gt, inArray, isNull, ne, sql, type SQL } from 'drizzle-orm';
import type { RunningCase } from '../../renewal/follow-plan.ts';
import { confirmationTouch } from '../../renewal/stage-plan.ts';
import { tasksThatFollowPlans } from '../../renewal/task-change.ts';
import { handoverDeadlines } from '../cases/next-action-records.ts';
import { runningCase } from '../cases/running-case.ts';
import type { Db } from '../connection.ts';
import { knownMessage } from '../messages/follow-messages.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { knownTask } from '../tasks/known-tasks.ts';
import { rowsOf, type Target } from './plan-targets.ts';

/** The plans by their versions: that of the books of a case, the one its workflow armed, and the one it would follow. */
type VersionsOfCase = { books: number; armed: number; target: number };

/** An open case that would follow another plan than its books or its workflow do, with the people whose work is its own. */
export type ConcernedCase = {
  one: RunningCase;
  versions: VersionsOfCase;
  branchId: string;
  ownerId: string | null;
  specialistId: string | null;
  fleetId: string | null;
  /** Who has its open tasks, by kind and occasion; null where a queue does. */
  assignees: ReadonlyMap<string, string | null>;
};

type Asked = {
  after?: string;
  limit: number;
  /** Which of the cases, as a condition on `renewals`; all when missing. */
  only?: SQL | undefined;
};

/** The open cases that a plan concerns after an id, in the order of ids, with a fixed number of queries a page. */
export async function readConcernedCases(db: Db, targets: readonly Target[], asked: Asked): Promise<ConcernedCase[]> {
  const rows = await caseRows(db, targets, asked);
  const ids = rows.map(({ renewal }) => renewal.id);
  const fleets = [...new Set(rows.flatMap(({ renewal }) => renewal.fleetId ?? []))];
  const orphans = rows.filter(({ renewal }) => renewal.orphanedAt !== null).map(({ renewal }) => renewal.id);
  const sent = Map.groupBy(await messageRows(db, ids), ({ renewalId }) => renewalId);
  const given = await taskRows(db, inArray(tasks.renewalId, ids));
  const ofCase = Map.groupBy(given, ({ renewalId }) => renewalId);
  const ofFleet = Map.groupBy(
    fleets.length === 0 ? [] : await taskRows(db, inArray(tasks.fleetId, fleets)),
    ({ fleetId }) => fleetId,
  );
  const deadlines = new Map(
    (orphans.length === 0 ? [] : await handoverDeadlines(db, orphans)).map((one) => [one.renewalId, one.dueAt]),
  );
  return rows.map(({ renewal, doNotContactUntil, specialistId, target }) => {
    const elsewhere = (ofFleet.get(renewal.fleetId) ?? []).filter(({ renewalId }) => renewalId !== renewal.id);
    const own = ofCase.get(renewal.id) ?? [];
    return {
      one: runningCase(renewal, {
        doNotContactUntil: doNotContactUntil?.getTime() ?? null,
        handoverDueAt: deadlines.get(renewal.id)?.getTime(),
        messages: (sent.get(renewal.id) ?? []).map(knownMessage),
        tasks: (renewal.fleetId === null ? own : [...own, ...elsewhere]).map((row) => knownTask(row, renewal.id)),
      }),
      versions: { books: renewal.planVersion, armed: renewal.armedPlanVersion, target },
      branchId: renewal.branchId,
      ownerId: renewal.ownerId,
      specialistId,
      fleetId: renewal.fleetId,
      assignees: new Map(
        own
          .filter(({ state }) => state === 'open')
          .map((task) => [`${task.kind}/${task.key.slice(task.key.lastIndexOf('/') + 1)}`, task.assigneeId]),
      ),
    };
  });
}

const columns = {
  id: renewals.id,
  stage: renewals.stage,
  expiresOn: renewals.expiresOn,
  graceFrom: renewals.graceFrom,
  openedAt: renewals.openedAt,
  segment: renewals.segment,
  confirmedAt: renewals.confirmedAt,
  resultCounted: renewals.resultCounted,
  heldUntil: renewals.heldUntil,
  secondRoundDueAt: renewals.secondRoundDueAt,
  callBackAt: renewals.callBackAt,
  orphanedAt: renewals.orphanedAt,
  ownerId: renewals.ownerId,
  callCentreSince: renewals.callCentreSince,
  refusedContactAt: renewals.refusedContactAt,
  touchesFrom: renewals.touchesFrom,
  planVersion: renewals.planVersion,
  armedPlanVersion: renewals.armedPlanVersion,
  branchId: renewals.branchId,
  fleetId: renewals.fleetId,
};

function caseRows(db: Db, targets: readonly Target[], { after = '', limit, only }: Asked) {
  return db
    .select({
      renewal: columns,
      doNotContactUntil: customers.doNotContactUntil,
      specialistId: policies.specialistId,
      target: sql<number>`t.version`,
    })
    .from(renewals)
    .innerJoin(rowsOf(targets), sql`t."branchId" = ${renewals.branchId} and t.segment = ${renewals.segment}`)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(
      and(
        isNull(renewals.outcome),
        gt(renewals.id, after),
        sql`(t.version <> ${renewals.planVersion} or t.version <> ${renewals.armedPlanVersion})`,
        only,
      ),
    )
    .orderBy(asc(renewals.id))
    .limit(limit)
    .execute();
}

function messageRows(db: Db, ids: readonly string[]) {
  const { renewalId, touch, channel, template, state, reason, dueAt, latestAt, heldUntil, cameToAt } = messages;
  return db
    .select({ renewalId, touch, channel, template, state, reason, dueAt, latestAt, heldUntil, cameToAt })
    .from(messages)
    .where(and(inArray(renewalId, [...ids]), ne(touch, confirmationTouch)))
    .execute();
}

function taskRows(db: Db, which: SQL) {
  const { renewalId, fleetId, key, kind, stage, state, droppedReason, startsAt, dueAt, assigneeId } = tasks;
  return db
    .select({ renewalId, fleetId, key, kind, stage, state, droppedReason, startsAt, dueAt, assigneeId })
    .from(tasks)
    .where(and(which, inArray(kind, [...tasksThatFollowPlans])))
    .execute();
}
