import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { planCase } from '../../renewal/case-plan.ts';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import { nextActionOf, type CaseAtPresent } from '../../renewal/next-action.ts';
import { isSettled, type TouchState } from '../../renewal/plan-change.ts';
import type { Channel, Stage, StagePlan } from '../../renewal/stage-plan.ts';
import { heldUntil, mayBeWrittenTo, toleranceOf, type CaseSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { readClock } from '../business-clock.ts';
import { readPlans } from './plan-records.ts';
import { customers } from '../schema/customers.ts';
import { handoverItems, handovers } from '../schema/handovers.ts';
import { messages } from '../schema/messages.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { changeOf, updateRow, type Write } from '../write-together.ts';

type Present = Pick<CaseSituation, 'renewal' | 'plan' | 'clock' | 'tolerance' | 'doNotContactUntil'>;

/** Says again what comes next once something about the case has changed. */
export async function refreshNextAction(tx: Db, situation: CaseSituation): Promise<void> {
  const { id, outcome } = situation.renewal;
  if (outcome !== null) return;
  const change = await nextActionNow(tx, situation, await settledMessages(tx, [id]));
  await updateRow(tx, renewals, { id, change });
}

/** The same for a step that writes it with more; nothing where the row, as it was read, says so already. */
export async function nextActionWrites(
  tx: Db,
  situation: CaseSituation,
  settled: readonly TouchState[],
): Promise<Write[]> {
  const { id, outcome, nextAction, nextActionAt } = situation.renewal;
  if (outcome !== null) return [];
  const change = await nextActionNow(tx, situation, settled);
  const isNews = nextAction !== change.nextAction || nextActionAt?.getTime() !== change.nextActionAt.getTime();
  return isNews ? [changeOf(renewals, { id, change })] : [];
}

async function nextActionNow(tx: Db, situation: CaseSituation, done: readonly TouchState[]) {
  const { id, orphanedAt } = situation.renewal;
  const [waiting] = orphanedAt === null ? [] : await handoverDeadlines(tx, [id]);
  return nextActionIn(presentOf(situation, { waitsUntil: waiting?.dueAt, done }));
}

/** The same for many cases at once; those that have closed do nothing more. */
export async function refreshNextActions(tx: Db, ids: readonly string[], calendar: Calendar): Promise<void> {
  if (ids.length === 0) return;
  const next = (await readPresents(tx, ids, calendar)).map(({ renewal, present }) => ({
    id: renewal.id,
    ...nextActionIn(present),
  }));
  await tx.execute(sql`update renewals set next_action = n."nextAction", next_action_at = n."nextActionAt"
    from jsonb_to_recordset(${JSON.stringify(next)}::jsonb) as n(id text, "nextAction" text, "nextActionAt" timestamptz)
    where renewals.id = n.id`);
}

/** What decides on the next steps of cases, of those that are open, with the stage plan that each follows. */
export async function readPresents(
  tx: Db,
  ids: readonly string[],
  calendar: Calendar,
): Promise<{ renewal: typeof renewals.$inferSelect; stagePlan: StagePlan; present: CaseAtPresent }[]> {
  const rows = await tx
    .select({
      renewal: renewals,
      doNotContactUntil: customers.doNotContactUntil,
      version: sql<number | null>`plan_in_force(${renewals.branchId}, ${renewals.segment})`,
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(and(inArray(renewals.id, [...ids]), isNull(renewals.outcome)));
  const clock = await readClock(tx);
  const plans = await readPlans(tx, [...new Set(rows.flatMap(({ version }) => version ?? []))]);
  const deadlines = new Map((await handoverDeadlines(tx, ids)).map((one) => [one.renewalId, one.dueAt]));
  const settled = Map.groupBy(await settledMessages(tx, ids), ({ renewalId }) => renewalId);
  return rows.map(({ renewal, doNotContactUntil, version }) => {
    const stagePlan = plans.get(version ?? 0) ?? defaultStagePlan;
    const plan = planCase({ ...renewal, spreadKey: renewal.id }, stagePlan, calendar);
    const tolerance = toleranceOf(clock);
    const known = { renewal, plan, clock, tolerance, doNotContactUntil: doNotContactUntil?.getTime() ?? null };
    const besides = { waitsUntil: deadlines.get(renewal.id), done: settled.get(renewal.id) ?? [] };
    return { renewal, stagePlan, present: presentOf(known, besides) };
  });
}

type Besides = { waitsUntil: Date | null | undefined; done: readonly TouchState[] };

function presentOf(known: Present, { waitsUntil, done }: Besides): CaseAtPresent {
  const { renewal, plan, clock } = known;
  return {
    plan,
    now: clock.now,
    stage: (renewal.stage ?? undefined) as Stage | undefined,
    heldUntil: heldUntil(known),
    secondRoundDueAt: renewal.secondRoundDueAt?.getTime(),
    callBackAt: renewal.callBackAt?.getTime(),
    isOrphan: renewal.orphanedAt !== null,
    handoverDueAt: waitsUntil?.getTime(),
    mayBeWrittenTo: (instant: Instant) => mayBeWrittenTo(known, instant),
    isDone: (touch) => isSettled(touch, done),
  };
}

function nextActionIn(present: CaseAtPresent) {
  const { what, at } = nextActionOf(present);
  return { nextAction: what, nextActionAt: new Date(at) };
}

/** The messages of the cases `renewalIds` that have gone, or were decided not to. */
export function messagesSettled(db: Db) {
  return db
    .select({ renewalId: messages.renewalId, touch: messages.touch, channel: messages.channel, state: messages.state })
    .from(messages)
    .where(
      and(sql`${messages.renewalId} = any(${sql.placeholder('renewalIds')}::text[])`, ne(messages.state, 'planned')),
    );
}

const settledOf = prepareOnce('settled_messages', messagesSettled);

/** The messages of cases that have gone, or were decided not to. */
async function settledMessages(tx: Db, ids: readonly string[]): Promise<(TouchState & { renewalId: string })[]> {
  const rows = await settledOf(tx, { renewalIds: [...ids] });
  return rows.map((row) => ({ ...row, channel: row.channel as Channel }));
}

/** By when somebody has to decide about an orphan, or a channel to accept it. */
export async function handoverDueAt(tx: Db, renewalId: string): Promise<Instant | undefined> {
  const [waiting] = await handoverDeadlines(tx, [renewalId]);
  return waiting?.dueAt?.getTime();
}

/** By when somebody has to decide about orphans, or a channel to accept them. */
export function handoverDeadlines(tx: Db, ids: readonly string[]) {
  const { renewalId, state, offerDueAt } = handoverItems;
  const dueAt = sql`case when ${state} = 'offered' then ${offerDueAt} else ${handovers.dueAt} end`;
  return tx
    .select({ renewalId, dueAt: sql<Date | null>`min(${dueAt})`.mapWith(handovers.dueAt) })
    .from(handoverItems)
    .innerJoin(handovers, eq(handovers.id, handoverItems.handoverId))
    .where(and(inArray(renewalId, [...ids]), inArray(state, ['undecided', 'offered'])))
    .groupBy(renewalId);
}
