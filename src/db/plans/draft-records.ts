import { and, eq, sql } from 'drizzle-orm';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import { readPlanInForce, type PlanScope } from '../cases/plan-records.ts';
import { storedPlan } from '../cases/stored-plan.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { journal } from '../schema/journal.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { isBranch } from '../staff/staff-placement.ts';
import { lockPlans, planColumns, planRows, plansChain, readPlanRow, type PlanRow } from './plan-rows.ts';

/** New content, the content of an older version, or none: the scope follows the wider plan again. */
export type DraftSource =
  { kind: 'content'; content: StagePlan } | { kind: 'copy'; of: number } | { kind: 'follows-wider' };

export type NewDraft = {
  source: DraftSource;
  /** A copy goes to the scope of what it copies where this says nothing. */
  scope: { branchId?: string | null | undefined; segment?: string | null | undefined };
  note?: string | undefined;
  by: string;
  requestId: string;
};

export type Drafted =
  { kind: 'drafted'; row: PlanRow } | { kind: 'unknown-branch' } | { kind: 'unknown-copy' } | { kind: 'no-scope' };

/** Stores the next version as a draft; the same request stores one. */
export async function draftPlan(tx: Db, draft: NewDraft): Promise<Drafted> {
  await lockPlans(tx);
  const known = await draftedBefore(tx, draft.requestId);
  if (known) return { kind: 'drafted', row: known };
  const copied = draft.source.kind === 'copy' ? await readPlanRow(tx, draft.source.of) : undefined;
  if (draft.source.kind === 'copy' && (!copied || copied.followsWider)) return { kind: 'unknown-copy' };
  const scope = scopeOf(draft, copied);
  const followsWider = draft.source.kind === 'follows-wider';
  if (followsWider && scope.branchId === null && scope.segment === null) return { kind: 'no-scope' };
  if (scope.branchId !== null && !(await isBranch(tx, scope.branchId))) return { kind: 'unknown-branch' };
  const content = await contentOf(tx, { source: draft.source, scope, copied });
  const { by, note, requestId } = draft;
  const row = await insertDraft(tx, { ...scope, content, followsWider, note: note ?? null, createdBy: by });
  const copyOf = copied ? { copyOf: copied.version } : {};
  await tellOfPlan(tx, row, { by, event: 'plan-drafted', inputs: { id: requestId, ...copyOf } });
  return { kind: 'drafted', row };
}

function scopeOf({ scope }: NewDraft, copied: PlanRow | undefined): PlanScope {
  const { branchId = copied?.branchId ?? null, segment = copied?.segment ?? null } = scope;
  return { branchId, segment };
}

type Source = { source: DraftSource; scope: PlanScope; copied: PlanRow | undefined };

/** A scope that is given back keeps what it follows now, for whoever reads it; nobody goes by it. */
async function contentOf(tx: Db, { source, scope, copied }: Source): Promise<StagePlan> {
  switch (source.kind) {
    case 'content':
      return source.content;
    case 'copy':
      return storedPlan(copied?.content);
    case 'follows-wider':
      return (await readPlanInForce(tx, scope)).plan;
  }
}

type NewRow = Omit<typeof stagePlans.$inferInsert, 'version' | 'state'>;

async function insertDraft(tx: Db, draft: NewRow): Promise<PlanRow> {
  const version = sql<number>`(select coalesce(max(${stagePlans.version}), 0) + 1 from ${stagePlans})`;
  const row = { ...draft, version, state: 'draft' as const, createdAt: sql`business_now()` };
  const { version: drafted } = onlyRow(
    await tx.insert(stagePlans).values(row).returning({ version: stagePlans.version }),
  );
  // What its scope would follow is not known to the statement that stores it.
  return onlyRow(await planRows(tx, drafted));
}

async function draftedBefore(tx: Db, requestId: string): Promise<PlanRow | undefined> {
  const own = and(eq(journal.chain, plansChain), eq(journal.event, 'plan-drafted'));
  const [entry] = await tx
    .select({ version: sql<number>`(${journal.inputs} ->> 'version')::int` })
    .from(journal)
    .where(and(own, sql`${journal.inputs} ->> 'id' = ${requestId}`));
  return entry ? readPlanRow(tx, entry.version) : undefined;
}

export type DraftChange = {
  version: number;
  content: StagePlan;
  note?: string | undefined;
  by: string;
  /** The content that the change was made on; another one refuses it. */
  contentHash?: string | undefined;
};

export type ChangedDraft =
  | { kind: 'changed'; row: PlanRow }
  | { kind: 'unknown' }
  | { kind: 'no-draft' }
  | { kind: 'follows-wider' }
  | { kind: 'changed-meanwhile' };

/** Gives a draft other content; whoever does so has written it too and does not publish it. */
export async function changeDraft(
  tx: Db,
  { version, content, note, by, contentHash }: DraftChange,
): Promise<ChangedDraft> {
  await lockPlans(tx);
  const before = await readPlanRow(tx, version);
  if (!before) return { kind: 'unknown' };
  if (before.state !== 'draft') return { kind: 'no-draft' };
  if (before.followsWider) return { kind: 'follows-wider' };
  if (contentHash !== undefined && contentHash !== before.contentHash) return { kind: 'changed-meanwhile' };
  const changed = await tx
    .update(stagePlans)
    .set({ content, ...(note === undefined ? {} : { note }) })
    .where(eq(stagePlans.version, version))
    .returning(planColumns);
  const row = onlyRow(changed);
  if (row.contentHash !== before.contentHash) await tellOfPlan(tx, row, { by, event: 'plan-changed' });
  return { kind: 'changed', row };
}

/** Lays a draft aside for good: its number stays taken, and it stays readable. A second time changes nothing. */
export async function discardDraft(tx: Db, { version, by }: { version: number; by: string }): Promise<ChangedDraft> {
  await lockPlans(tx);
  const before = await readPlanRow(tx, version);
  if (!before) return { kind: 'unknown' };
  if (before.state === 'published') return { kind: 'no-draft' };
  if (before.state === 'discarded') return { kind: 'changed', row: before };
  const discarded = await tx
    .update(stagePlans)
    .set({ state: 'discarded' })
    .where(eq(stagePlans.version, version))
    .returning(planColumns);
  const row = onlyRow(discarded);
  await tellOfPlan(tx, row, { by, event: 'plan-discarded' });
  return { kind: 'changed', row };
}

type PlanEvent = { by: string; event: string; inputs?: Record<string, unknown> };

async function tellOfPlan(tx: Db, row: PlanRow, { by, event, inputs = {} }: PlanEvent): Promise<void> {
  const { version, branchId, segment, followsWider, contentHash } = row;
  const facts = { version, branchId, segment, followsWider, contentHash };
  await journalise(tx, [{ chain: plansChain, actor: by, event, reason: 'by-admin', inputs: { ...inputs, ...facts } }]);
}

/** Everybody who wrote at a version: whoever drafted it and whoever changed it. */
export async function readAuthors(db: Db, version: number): Promise<string[]> {
  const wrote = sql`${journal.event} in ('plan-drafted', 'plan-changed')`;
  const rows = await db
    .selectDistinct({ actor: journal.actor })
    .from(journal)
    .where(and(eq(journal.chain, plansChain), wrote, sql`(${journal.inputs} ->> 'version')::int = ${version}`));
  return rows.map(({ actor }) => actor);
}
