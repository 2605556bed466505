import { and, asc, count, eq, gte, isNull, lte, or, sql } from 'drizzle-orm';
import { addDays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { horizonDays, shortestTermDays, type EligibilityFacts } from '../../renewal/eligibility.ts';
import { choosePriority, chooseSegment } from '../../renewal/segment.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { readPlanInForce } from './plan-records.ts';
import { intakeRuns } from '../schema/operations.ts';
import { staff, teams } from '../schema/organisation.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { assignToCallCentre, takeSpecialLines } from './special-line-records.ts';
import { findLostCase } from './win-back.ts';

export type IntakeCursor = { expiresOn: Day; id: string };
export type IntakeRun = typeof intakeRuns.$inferSelect;
type PolicyRow = typeof policies.$inferSelect;

export type Candidate = { policy: PolicyRow; facts: EligibilityFacts; renewalId: string | null; running: boolean };

/** How long after its expiry a policy without a case is still listed as left out. */
const listedAfterExpiryDays = 30;

/** The id of the case of a policy term: readable, free of personal data, the same when the expiry is corrected. */
export function renewalIdOf(policy: { policyNumber: string; startsOn: Day }): string {
  return `renewal.${encodeURIComponent(policy.policyNumber)}.${policy.startsOn.replaceAll('-', '')}`;
}

/** The next page of policies within the horizon, in the order of the cursor, with all that eligibility asks. */
export async function pageOfCandidates(
  db: Db,
  today: Day,
  { after, limit }: { after: IntakeCursor | undefined; limit: number },
): Promise<Candidate[]> {
  const rows = await db
    .select({
      policy: policies,
      renewalId: renewals.id,
      workflowStartedAt: renewals.workflowStartedAt,
      later: laterTermOfTheVehicle(),
      first: sameVehicleFirst(),
    })
    .from(policies)
    .leftJoin(renewals, eq(renewals.policyId, policies.id))
    .where(
      and(
        gte(policies.expiresOn, addDays(today, -listedAfterExpiryDays)),
        lte(policies.expiresOn, addDays(today, horizonDays)),
        // Cases that run are counted, not looked at: every night would read all of them again.
        or(isNull(renewals.id), and(isNull(renewals.workflowStartedAt), isNull(renewals.outcome))),
        after ? sql`(${policies.expiresOn}, ${policies.id}) > (${after.expiresOn}, ${after.id}::uuid)` : undefined,
      ),
    )
    .orderBy(asc(policies.expiresOn), asc(policies.id))
    .limit(limit);
  return rows.map(({ policy, renewalId, workflowStartedAt, later, first }) => ({
    policy,
    renewalId,
    running: workflowStartedAt !== null,
    facts: {
      ...eligibilityFacts(policy),
      renewedElsewhereInTheBook: later || policy.renewedAs !== null,
      sameVehicleFirst: first,
    },
  }));
}

/** What eligibility asks of the policy alone. */
export function eligibilityFacts(policy: PolicyRow) {
  const { startsOn, expiresOn, termDays, underwritingApproved, cancelledOn } = policy;
  return { startsOn, expiresOn, termDays, underwritingApproved, cancelledOn: cancelledOn ?? undefined };
}

const sameVehicle = sql`other.id <> ${policies.id} and other.cover_type = ${policies.coverType} and other.cancelled_on is null
  and (other.vin = ${policies.vin} or other.plate = ${policies.plate})`;

/** Whether the policy's vehicle has a later term of the same cover. */
export function laterTermOfTheVehicle() {
  return sql<boolean>`exists (select 1 from policies other where ${sameVehicle}
    and other.starts_on > ${policies.startsOn} and other.expires_on > ${policies.expiresOn})`;
}

/** Only a policy that gets a case itself stands before another one; else neither of them would have a case. */
export function sameVehicleFirst() {
  return sql<boolean>`exists (select 1 from policies other where ${sameVehicle} and other.expires_on = ${policies.expiresOn}
    and other.underwriting_approved and other.term_days >= ${shortestTermDays} and other.renewed_as is null
    and (other.starts_on, other.policy_number) < (${policies.startsOn}, ${policies.policyNumber}))`;
}

/** How many cases of the horizon are open. */
export async function countOpenCases(db: Db, today: Day): Promise<number> {
  const [row] = await db
    .select({ cases: count() })
    .from(renewals)
    .where(
      and(
        isNull(renewals.outcome),
        gte(renewals.expiresOn, today),
        lte(renewals.expiresOn, addDays(today, horizonDays)),
      ),
    );
  return row?.cases ?? 0;
}

/** Opens the case of a policy as it stands now; undefined when another run was faster. */
export async function openRenewal(
  tx: Db,
  read: PolicyRow,
  { runId, calendar }: { runId: string; calendar: Calendar },
): Promise<string | undefined> {
  // A correction finds the open case or is seen here. A shared lock would let two runs block each other at the update below.
  const policy = onlyRow(await tx.select().from(policies).where(eq(policies.id, read.id)).for('no key update'));
  const segment = chooseSegment(policy);
  const { version } = await readPlanInForce(tx, { branchId: policy.branchId, segment });
  const { notes, ...lines } = await takeSpecialLines(tx, policy, calendar);
  const id = renewalIdOf(policy);
  const winBackOf = await findLostCase(tx, policy);
  const opened = await tx
    .insert(renewals)
    .values({
      id,
      policyId: policy.id,
      branchId: policy.branchId,
      teamId: await teamOf(tx, policy),
      ...lines,
      winBackOf,
      segment,
      priority: choosePriority(policy),
      expiresOn: policy.expiresOn,
      planVersion: version,
      armedPlanVersion: version,
      openedAt: sql`business_now()`,
    })
    .onConflictDoNothing()
    .returning({ id: renewals.id });
  if (opened.length === 0) return undefined;
  await tx.update(policies).set({ leftOutReason: null }).where(eq(policies.id, policy.id));
  const { id: policyId, expiresOn } = policy;
  const inputs = { policyId, expiresOn, planVersion: version, intakeRun: runId, winBackOf };
  const opening = { actor: 'system', event: 'opened', reason: 'eligible', inputs };
  await journalise(
    tx,
    [opening, ...notes].map((entry) => ({ ...entry, chain: id })),
  );
  if (lines.callCentreSince) await assignToCallCentre(tx, id, calendar);
  return id;
}

/** The agent's team; without one the team of the supervisor, who holds the tasks of the case and must see it. */
async function teamOf(tx: Db, { agentId, supervisorId, branchId }: PolicyRow): Promise<string | null> {
  const [agent] = agentId ? await tx.select().from(staff).where(eq(staff.id, agentId)) : [];
  if (agent?.teamId) return agent.teamId;
  if (supervisorId === null) return null;
  const [led] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(or(eq(teams.supervisorId, supervisorId), and(isNull(teams.supervisorId), eq(teams.id, supervisorId))))
    .orderBy(sql`${teams.branchId} = ${branchId} desc`, asc(teams.id))
    .limit(1);
  return led?.id ?? null;
}

export async function markLeftOut(db: Db, policyId: string, reason: string): Promise<void> {
  await db
    .update(policies)
    .set({ leftOutReason: reason })
    .where(
      and(eq(policies.id, policyId), or(isNull(policies.leftOutReason), sql`${policies.leftOutReason} <> ${reason}`)),
    );
}

/** The run with this id, begun now if it is new; a killed run is found again with its cursor and counts. */
export async function beginIntakeRun(
  db: Db,
  run: { id: string; businessDay: Day; requestedBy: string },
): Promise<IntakeRun> {
  await db
    .insert(intakeRuns)
    .values({ ...run, state: 'running', startedAt: sql`business_now()` })
    .onConflictDoNothing();
  return onlyRow(await db.select().from(intakeRuns).where(eq(intakeRuns.id, run.id)));
}

export async function readIntakeRun(db: Db, id: string): Promise<IntakeRun | undefined> {
  const [row] = await db.select().from(intakeRuns).where(eq(intakeRuns.id, id));
  return row;
}

export type IntakeProgress = Pick<IntakeRun, 'opened' | 'alreadyOpen' | 'leftOut' | 'cursor'>;

export async function saveIntakeProgress(db: Db, id: string, progress: IntakeProgress): Promise<void> {
  await db.update(intakeRuns).set(progress).where(eq(intakeRuns.id, id));
}

export async function finishIntakeRun(db: Db, id: string, progress: IntakeProgress): Promise<void> {
  await db
    .update(intakeRuns)
    .set({ ...progress, state: 'completed', finishedAt: sql`business_now()` })
    .where(eq(intakeRuns.id, id));
}
