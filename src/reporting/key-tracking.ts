import { and, asc, eq, gt, inArray, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import { isLeftAloneNow } from '../db/cases/left-alone.ts';
import type { Db } from '../db/connection.ts';
import { customers } from '../db/schema/customers.ts';
import { absences, branches, staff } from '../db/schema/organisation.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';
import { addDays, type Day } from '../renewal/calendar.ts';
import type { ContactResult } from '../renewal/contact-result.ts';
import {
  reasonsToTrack,
  shareOut,
  trackedDays,
  trackedStages,
  type KeyTrackingReason,
} from '../renewal/key-tracking.ts';
import type { Stage } from '../renewal/stage-plan.ts';
import { caseLine } from './case-lines.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import { inBranch, type Viewer } from './scope/viewer.ts';

/** The newest effective contact that still stands. */
const lastContact = sql<ContactResult | null>`(select c.result from contact_results c
  where c.renewal_id = ${renewals.id} and c.state = 'applied'
    and c.result in ('quoted', 'promised', 'considering', 'declined', 'refused-contact')
  order by c.recorded_at desc, c.id desc limit 1)`;

const pauses = sql<boolean>`(${renewals.heldUntil} is not null or ${renewals.secondRoundDueAt} is not null
  or ${renewals.orphanedAt} is not null)`;

const trackedLine = {
  ...caseLine,
  branchId: renewals.branchId,
  segment: renewals.segment,
  specialistId: policies.specialistId,
  callBackAt: renewals.callBackAt,
  nextActionAt: renewals.nextActionAt,
  lastContact,
};

type Position = { expiresOn: Day; renewalId: string };

/** One page of the key-tracking list of the cases that somebody sees, the nearest expiry first. */
export function listKeyTracking(
  db: Db,
  request: {
    viewer: Viewer;
    specialistId?: string | undefined;
    today: Day;
    from?: Position | undefined;
    limit: number;
  },
) {
  const { viewer, specialistId, today, from, limit } = request;
  return selectTracked(db, today, [
    renewalsVisibleTo(viewer),
    specialistId === undefined ? undefined : eq(policies.specialistId, specialistId),
    from && sql`(${renewals.expiresOn}, ${renewals.id}) > (${from.expiresOn}, ${from.renewalId})`,
  ]).limit(limit);
}

/** Why a row of the list stands there, the weightiest reason first. */
export function reasonsOf(row: Awaited<ReturnType<typeof listKeyTracking>>[number], today: Day): KeyTrackingReason[] {
  return reasonsToTrack({ ...row, stage: row.stage as Stage | null, pauses: false, leftAlone: false }, today);
}

/** `src/renewal/key-tracking.ts` (`reasonsToTrack`) as conditions, so that a page can be read; a test compares the two. */
function selectTracked(db: Db, today: Day, also: readonly (SQL | undefined)[]) {
  const isTracked = or(
    eq(renewals.segment, 'key-customer'),
    lte(renewals.expiresOn, addDays(today, trackedDays)),
    sql`${lastContact} in ('quoted', 'promised', 'considering')`,
  );
  return db
    .select(trackedLine)
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(
      and(
        isNull(renewals.outcome),
        inArray(renewals.stage, [...trackedStages]),
        sql`not ${pauses}`,
        sql`not ${isLeftAloneNow}`,
        isTracked,
        ...also,
      ),
    )
    .orderBy(asc(renewals.expiresOn), asc(renewals.id));
}

/** A unit is a branch: what of its list a specialist works on a day, those of colleagues who are away among it. */
export async function readKeyTrackingOf(db: Db, viewer: Viewer, { today, limit }: { today: Day; limit: number }) {
  const rows = await selectTracked(db, today, [inBranch(viewer, renewals.branchId)]);
  const present = await specialistsPresent(db, viewer, today);
  const shared = shareOut(rows, present);
  const own = rows.filter(({ renewalId }) => shared.get(renewalId) === viewer.id);
  return {
    unit: await unitOf(db, viewer),
    count: own.length,
    rows: own.slice(0, limit).map((row) => ({ ...row, reason: reasonsOf(row, today)[0] ?? 'expires-soon' })),
  };
}

async function specialistsPresent(db: Db, viewer: Viewer, today: Day): Promise<string[]> {
  const isAway = sql`exists (select 1 from ${absences} where ${absences.staffId} = ${staff.id}
    and ${today} between ${absences.fromOn} and ${absences.toOn})`;
  const rows = await db
    .select({ id: staff.id })
    .from(staff)
    .where(
      and(
        inBranch(viewer, staff.branchId),
        sql`'specialist' = any(${staff.roles})`,
        or(isNull(staff.departedOn), gt(staff.departedOn, today)),
        sql`not ${isAway}`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** What the person's unit is called: the name of their branch. */
export async function unitOf(db: Db, { branchId }: Pick<Viewer, 'branchId'>): Promise<string> {
  const [branch] =
    branchId === null ? [] : await db.select({ name: branches.name }).from(branches).where(eq(branches.id, branchId));
  return branch?.name ?? '';
}
