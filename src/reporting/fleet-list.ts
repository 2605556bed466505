import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { fleets } from '../db/schema/fleets.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

type FleetRequest = {
  viewer: Viewer;
  branchId?: string | undefined;
  /** Only fleets with an open case, or only those without. */
  open?: boolean | undefined;
  after?: string | undefined;
  limit: number;
};

const inBook = (book: string) =>
  sql<number>`count(*) filter (where coalesce(${renewals.outcome}, 'open') = ${book})`.mapWith(Number);

const books = {
  open: inBook('open'),
  renewed: inBook('renewed'),
  lost: inBook('lost'),
  handedOff: inBook('orphan-handed-off'),
};

/** One page of fleets by id, each with the number of its cases by book, as far as the viewer sees them. */
export function listFleets(db: Db, { viewer, branchId, open, after, limit }: FleetRequest) {
  const hasOpen = sql`bool_or(${renewals.outcome} is null)`;
  return db
    .select({ fleet: fleets, cases: books })
    .from(fleets)
    .innerJoin(renewals, eq(renewals.fleetId, fleets.id))
    .where(
      and(
        renewalsVisibleTo(viewer),
        branchId === undefined ? undefined : eq(fleets.branchId, branchId),
        after === undefined ? undefined : gt(fleets.id, after),
      ),
    )
    .groupBy(fleets.id)
    .having(open === undefined ? undefined : open ? hasOpen : sql`not ${hasOpen}`)
    .orderBy(asc(fleets.id))
    .limit(limit);
}

const mostCases = 2_000;

/** One fleet with the cases that the viewer sees and their open tasks; nothing when they see none of them. */
export async function readFleet(db: Db, viewer: Viewer, id: string) {
  const [fleet] = await db.select().from(fleets).where(eq(fleets.id, id));
  const cases = fleet ? await casesOf(db, viewer, id) : [];
  if (!fleet || cases.length === 0) return undefined;
  const ids = cases.map((one) => one.id);
  const open = await db
    .select()
    .from(tasks)
    .where(and(eq(tasks.state, 'open'), inArray(tasks.renewalId, ids)))
    .orderBy(asc(tasks.dueAt), asc(tasks.id));
  return { fleet, cases, tasks: open };
}

function casesOf(db: Db, viewer: Viewer, fleetId: string) {
  const { id, stage, outcome, ownerId, teamId, expiresOn, escalated, nextActionAt } = renewals;
  const { policyNumber, premium: value } = policies;
  return db
    .select({ id, policyNumber, value, stage, outcome, ownerId, teamId, expiresOn, escalated, nextActionAt })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(and(eq(renewals.fleetId, fleetId), renewalsVisibleTo(viewer)))
    .orderBy(asc(renewals.expiresOn), asc(renewals.id))
    .limit(mostCases);
}

/** The cases of a fleet that a request is about: open ones, and those that it reached before it broke off. */
export async function casesToAct(
  db: Db,
  viewer: Viewer,
  { fleetId, reached }: { fleetId: string; reached: readonly string[] },
): Promise<string[]> {
  const rows = await db
    .select({ id: renewals.id })
    .from(renewals)
    .where(
      and(
        eq(renewals.fleetId, fleetId),
        renewalsVisibleTo(viewer),
        or(isNull(renewals.outcome), reached.length > 0 ? inArray(renewals.id, [...reached]) : undefined),
      ),
    )
    .orderBy(asc(renewals.expiresOn), asc(renewals.id));
  return rows.map((row) => row.id);
}

/** Whether every open case of a fleet is the viewer's to see. */
export async function seesWholeFleet(db: Db, viewer: Viewer, fleetId: string): Promise<boolean> {
  const open = and(eq(renewals.fleetId, fleetId), isNull(renewals.outcome));
  const hidden = await db.$count(renewals, and(open, sql`(${renewalsVisibleTo(viewer)}) is not true`));
  return hidden === 0;
}
