import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { TypedSearchAttributes, type WorkflowIdReusePolicy } from '@temporalio/common';
import { eq, sql } from 'drizzle-orm';
import { wallInstant } from '../db/business-clock.ts';
import { readSituation, type CaseSituation } from '../db/cases/case-situation.ts';
import { renewals } from '../db/schema/renewals.ts';
import { factsOf } from '../db/cases/stage-records.ts';
import type { Instant } from '../renewal/calendar.ts';
import { stageAt, type CasePlan, type PlannedStage } from '../renewal/case-plan.ts';
import * as keys from '../../workflows/search-attribute-keys.ts';
import type { RenewalInput } from '../../workflows/messages.ts';
import type { renewal } from '../../workflows/renewal.ts';
import type { CaseDeps } from './connect.ts';
import { renewalQueue } from './task-queues.ts';

type RenewalRow = CaseSituation['renewal'];

/** `again` restarts a case whose workflow is lost or was ended by hand; it resumes where its row stands. */
export type StartOptions = { again?: boolean };

/** Whether a correction opened a closed case again and its new run is not known to have started. */
function waitsForNewRun({ outcome, reopenedAt, workflowStartedAt }: RenewalRow): boolean {
  return outcome === null && reopenedAt !== null && (workflowStartedAt === null || workflowStartedAt < reopenedAt);
}

/** Starts the workflow of a case and remembers that it runs; a second start changes nothing. */
export async function startCase(deps: CaseDeps, renewalId: string, options: StartOptions = {}): Promise<void> {
  const situation = await deps.db.transaction((tx) => readSituation(tx, renewalId, deps.calendar));
  if (!mayRun(situation, options)) return;
  if (waitsForNewRun(situation.renewal)) await endFormerRun(deps, situation.renewal);
  try {
    await deps.temporal.client.workflow.start<typeof renewal>('renewal', startOptions(situation, options));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await deps.db
    .update(renewals)
    .set({ workflowStartedAt: new Date(), ...firstAction(situation) })
    .where(eq(renewals.id, renewalId));
}

/** Starts the new run of a case that a correction opened again; answers whether there was one to start. */
export async function startReopened(deps: CaseDeps, renewalId: string): Promise<boolean> {
  const [row] = await deps.db.select().from(renewals).where(eq(renewals.id, renewalId));
  if (!row || !waitsForNewRun(row)) return false;
  await startCase(deps, renewalId);
  return true;
}

/** The run that closed the case may still wait to confirm a renewal that was none. */
async function endFormerRun({ temporal }: CaseDeps, { id, reopenedAt }: RenewalRow): Promise<void> {
  const { workflow } = temporal.client;
  try {
    const { status, startTime, runId } = await workflow.getHandle(id).describe();
    const isFormer = reopenedAt !== null && startTime < reopenedAt;
    if (isFormer && status.name === 'RUNNING')
      await workflow.getHandle(id, runId).terminate('reopened by a correction');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** A case that has closed runs again only to send the confirmation of its renewal. */
function mayRun({ renewal: { outcome } }: CaseSituation, { again }: StartOptions): boolean {
  return outcome === null || (outcome === 'renewed' && again === true);
}

/** How the workflow of a case is started, by the plan now in force. */
export function startOptions(situation: CaseSituation, { again }: StartOptions): WorkflowStartOptions<typeof renewal> {
  const { renewal: row, plan, clock, planVersion } = situation;
  const first = firstStage(plan, clock.now + situation.tolerance);
  const opensAt = wallInstant(clock, row.outcome === null ? Math.max(first.opensAt, clock.now) : clock.now);
  const delay = opensAt - wallInstant(clock, clock.now);
  const resumes = again === true || waitsForNewRun(row);
  return {
    workflowId: row.id,
    taskQueue: renewalQueue,
    args: [{ renewalId: row.id, opensAt, stage: first.stage, planVersion, ...(resumes ? carried(situation) : {}) }],
    workflowIdReusePolicy: reusePolicy(row, again),
    workflowIdConflictPolicy: 'USE_EXISTING',
    // Until then nothing can happen but what people record, and that wakes it; a delay costs no event.
    ...(delay > 0 ? { startDelay: delay } : {}),
    staticSummary: `${situation.policy.policyNumber} expires ${row.expiresOn}`,
    staticDetails: describeStart(situation),
    typedSearchAttributes: attributesOf(situation, first),
  };
}

/** Only a case that was opened again, or a confirmation that waits, may follow a run that completed. */
function reusePolicy(row: RenewalRow, again: boolean | undefined): WorkflowIdReusePolicy {
  if (waitsForNewRun(row) || (again && row.outcome !== null)) return 'ALLOW_DUPLICATE';
  return again ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE';
}

function firstStage(plan: CasePlan, now: Instant): PlannedStage {
  const first = stageAt(plan, now) ?? plan.stages[0];
  if (!first) throw new Error('the stage plan has no stage');
  return first;
}

/** A case that starts again knows from its first moment what its row knows, so that it refuses nothing wrongly. */
function carried(situation: CaseSituation): Pick<RenewalInput, 'carried'> {
  const { stage: _, ...facts } = factsOf(situation);
  return { carried: facts };
}

/** A case that has not opened yet waits for the stage where it belongs. */
function firstAction({ renewal: row, plan, clock }: CaseSituation) {
  if (row.stage !== null) return {};
  const first = firstStage(plan, clock.now);
  const nextActionAt = new Date(Math.max(first.opensAt, row.openedAt.getTime()));
  return {
    nextAction: sql`coalesce(${renewals.nextAction}, ${`stage:${first.stage}`})`,
    nextActionAt: sql`coalesce(${renewals.nextActionAt}, ${nextActionAt.toISOString()}::timestamptz)`,
  };
}

function attributesOf({ renewal: row, planVersion, plan }: CaseSituation, stage: { stage: string; endsAt: number }) {
  return new TypedSearchAttributes([
    { key: keys.renewalStage, value: stage.stage },
    { key: keys.branchId, value: row.branchId },
    { key: keys.segment, value: row.segment },
    { key: keys.expiryAt, value: new Date(plan.stages.at(-1)?.endsAt ?? plan.closesAt) },
    { key: keys.stageEndsAt, value: new Date(stage.endsAt) },
    { key: keys.planVersion, value: planVersion },
    { key: keys.escalated, value: row.escalated },
    ...(row.ownerId ? [{ key: keys.agentId, value: row.ownerId }] : []),
  ]);
}

function describeStart({ renewal: row, policy, planVersion }: CaseSituation): string {
  return [
    `One ${policy.coverType} policy term, ${policy.startsOn} to ${policy.expiresOn}.`,
    '',
    `- branch ${row.branchId}, team ${row.teamId ?? 'none'}, owner ${row.ownerId ?? 'none'}`,
    `- segment ${row.segment}, stage plan ${planVersion}`,
    `- the books: \`GET /v1/renewals/${encodeURIComponent(row.id)}\``,
  ].join('\n');
}
