import { and, eq, gt, inArray, max, sql } from 'drizzle-orm';
import type { PlanProblem } from '../../renewal/plan-problem.ts';
import { readPlanInForce } from '../cases/plan-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { journal } from '../schema/journal.ts';
import { rollouts, stagePlans } from '../schema/stage-plans.ts';
import { readAuthors } from './draft-records.ts';
import { readPlanFindings } from './plan-problems.ts';
import { lockPlans, ofScope, planColumns, plansChain, readPlanAfter, readPlanRow, type PlanRow } from './plan-rows.ts';

export type Publishing = {
  version: number;
  by: string;
  /** Becomes the id of the roll-out, by which the same request knows its own work. */
  requestId: string;
  nudgesPerSecond: number;
  note?: string | undefined;
  /** Of the content that the publisher looked at, or that the scope will follow; another one refuses. */
  contentHash: string;
};

export type Published =
  | { kind: 'published'; row: PlanRow; rolloutId: string }
  | { kind: 'unknown' }
  | { kind: 'already-published' }
  | { kind: 'discarded' }
  | { kind: 'own-draft' }
  | { kind: 'changed-meanwhile' }
  | { kind: 'outdated'; inForce: number }
  | { kind: 'problems'; problems: PlanProblem[] };

/**
 * Puts a draft in force for its scope, with the roll-out that the open cases will follow by and the journal's entry: all
 * in this transaction, one publishing at a time, checked once more by what holds at this moment.
 */
export async function publishPlan(tx: Db, asked: Publishing, templates: readonly string[]): Promise<Published> {
  await lockPlans(tx);
  const row = await readPlanRow(tx, asked.version);
  if (!row) return { kind: 'unknown' };
  if (row.state === 'published' && (await startedRollout(tx, asked)))
    return { kind: 'published', row, rolloutId: asked.requestId };
  const refusal = await refusalOf(tx, row, asked);
  if (refusal) return refusal;
  const { problems } = await readPlanFindings(tx, row, templates);
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'published', row: await putInForce(tx, row, asked), rolloutId: asked.requestId };
}

async function startedRollout(tx: Db, { requestId, version }: Publishing): Promise<boolean> {
  return (await tx.$count(rollouts, and(eq(rollouts.id, requestId), eq(rollouts.planVersion, version)))) > 0;
}

async function refusalOf(tx: Db, row: PlanRow, asked: Publishing): Promise<Published | undefined> {
  if (row.state === 'published') return { kind: 'already-published' };
  if (row.state === 'discarded') return { kind: 'discarded' };
  if ((await readAuthors(tx, row.version)).includes(asked.by)) return { kind: 'own-draft' };
  if (asked.contentHash !== row.contentHash) return { kind: 'changed-meanwhile' };
  const newer = (await newerVersion(tx, row)) ?? (await publishedSince(tx, row));
  return newer === undefined ? undefined : { kind: 'outdated', inForce: newer };
}

async function newerVersion(tx: Db, row: PlanRow): Promise<number | undefined> {
  const [newer] = await tx
    .select({ version: stagePlans.version })
    .from(stagePlans)
    .where(and(ofScope(row), eq(stagePlans.state, 'published'), gt(stagePlans.version, row.version)))
    .limit(1);
  return newer?.version;
}

/** A draft that was written against another plan of its scope would take that one's successor back unseen. */
async function publishedSince(tx: Db, { version, branchId, segment }: PlanRow): Promise<number | undefined> {
  const ofChain = eq(journal.chain, plansChain);
  const written = tx
    .select({ at: max(journal.sequence) })
    .from(journal)
    .where(and(ofChain, inArray(journal.event, ['plan-drafted', 'plan-changed']), sql`${versionIn} = ${version}`));
  const [since] = await tx
    .select({ version: versionIn })
    .from(journal)
    .where(
      and(
        ofChain,
        eq(journal.event, 'plan-published'),
        sql`${journal.inputs} ->> 'branchId' is not distinct from ${branchId}`,
        sql`${journal.inputs} ->> 'segment' is not distinct from ${segment}`,
        gt(journal.sequence, written),
      ),
    )
    .limit(1);
  return since?.version;
}

const versionIn = sql<number>`(${journal.inputs} ->> 'version')::int`;

async function putInForce(tx: Db, row: PlanRow, asked: Publishing): Promise<PlanRow> {
  const { version: from } = await readPlanInForce(tx, row);
  const note = asked.note === undefined ? {} : { note: asked.note };
  // Whoever reads a scope's history finds what it followed from then on, whatever becomes of the wider plan.
  const followed = row.followsWider ? { content: await readPlanAfter(tx, row) } : {};
  const published = await tx
    .update(stagePlans)
    .set({
      state: 'published',
      inForce: !row.followsWider,
      publishedBy: asked.by,
      publishedAt: sql`business_now()`,
      ...note,
      ...followed,
    })
    .where(eq(stagePlans.version, row.version))
    .returning(planColumns);
  await replaceRollout(tx, row, asked);
  const { version: to } = await readPlanInForce(tx, row);
  const { version, branchId, segment, followsWider, contentHash } = row;
  const facts = { version, branchId, segment, followsWider, contentHash, from, to, rolloutId: asked.requestId };
  await journalise(tx, [
    { chain: plansChain, actor: asked.by, event: 'plan-published', reason: 'second-pair-of-eyes', inputs: facts },
  ]);
  return onlyRow(published);
}

/** The newer one has what the older one of its scope left; those of other scopes have cases of their own. */
async function replaceRollout(tx: Db, row: PlanRow, asked: Publishing): Promise<void> {
  const ofSameScope = tx.select({ version: stagePlans.version }).from(stagePlans).where(ofScope(row));
  await tx
    .update(rollouts)
    .set({ state: 'superseded', finishedAt: sql`business_now()` })
    .where(and(inArray(rollouts.state, ['running', 'paused']), inArray(rollouts.planVersion, ofSameScope)));
  await tx.insert(rollouts).values({
    id: asked.requestId,
    planVersion: row.version,
    state: 'running',
    nudgesPerSecond: asked.nudgesPerSecond,
    startedBy: asked.by,
    startedAt: sql`business_now()`,
  });
}
