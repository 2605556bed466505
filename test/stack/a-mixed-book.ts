import { eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { recordDeparture } from '../../src/cases/departures.ts';
import { holdCase } from '../../src/cases/hold-case.ts';
import { recordResult, type RecordedResult } from '../../src/cases/record-result.ts';
import { startCase } from '../../src/cases/start-case.ts';
import { openRenewal } from '../../src/db/cases/intake-records.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { addDays, dayMs, type Day } from '../../src/renewal/calendar.ts';
import { insertPolicy } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { until } from './a-season-of-cases.ts';

/** A Monday: no instant of a plan falls into its night, so that only a plan moves anything in it. */
export const today: Day = '2027-03-15';
export const night = shanghai.instantOf(today, 2 * 60);

const atOnce = 12;
/** From two days ago, in grace, to the 60 days at which a case opens in the morning. */
const spread = { first: -1, days: 62 };

/** What became of a case before a plan is published; everybody else was never answered. */
const situations = ['held', 'second-round', 'orphan', 'refused', 'call-back', 'quoted', 'confirmed'] as const;
type Situation = (typeof situations)[number] | 'first-seen-late' | 'unanswered';

const oneInSoMany = 3;

const dayOf = (turn: number): Day => addDays(today, spread.first + ((turn * 17) % spread.days));

function situationOf(turn: number): Situation {
  if (turn % oneInSoMany === 1) return 'first-seen-late';
  if (turn % oneInSoMany === 2) return 'unanswered';
  return situations[(turn / oneInSoMany) % situations.length]!;
}

/** Opens running cases in every stage and situation, and waits until all of them stand still in the night. */
export async function openMixedBook(deps: CaseDeps, cases: number): Promise<void> {
  const turns = Array.from({ length: cases }, (_, turn) => turn);
  const opened = new Map<Situation, string[]>();
  await inTurn(turns, async (turn) => {
    const situation = situationOf(turn);
    const id = await openOne(deps, turn, { situation, expiresOn: dayOf(turn) });
    opened.set(situation, [...(opened.get(situation) ?? []), id]);
  });
  await untilEveryStageIsOpen(deps);
  for (const situation of situations) await inTurn(opened.get(situation) ?? [], (id) => situate(deps, id, situation));
  await recordDeparture(deps, { staffId: 'A2', effectiveOn: today, by: 'S1' });
  await untilNothingMoves(deps);
}

/** Cases that open under the plan now in force, which lets them sleep for days before their first stage. */
export async function openNewcomers(deps: CaseDeps, { after, cases }: { after: number; cases: number }): Promise<void> {
  const turns = Array.from({ length: cases }, (_, turn) => after + turn);
  await inTurn(turns, (turn) =>
    openOne(deps, turn, { situation: 'first-seen-late', expiresOn: addDays(today, 59 + (turn % 2)) }),
  );
}

type Opening = { situation: Situation; expiresOn: Day };

async function openOne(deps: CaseDeps, turn: number, { situation, expiresOn }: Opening): Promise<string> {
  const agentId = situation === 'orphan' ? 'A2' : 'A1';
  const policy = await insertPolicy(deps.db, turn + 1, { expiresOn, agentId });
  const id = (await deps.db.transaction((tx) =>
    openRenewal(tx, policy, { runId: uuidv7(), calendar: deps.calendar }),
  ))!;
  // As if it had been there from its first day on, so that the touches of yesterday are its own.
  const openedAt = new Date(Math.min(night, shanghai.instantOf(addDays(expiresOn, -60), 5 * 60)));
  if (situation !== 'first-seen-late') await deps.db.update(renewals).set({ openedAt }).where(eq(renewals.id, id));
  await startCase(deps, id);
  return id;
}

async function situate(deps: CaseDeps, renewalId: string, situation: Situation): Promise<void> {
  const record = (result: RecordedResult['result'], more: Partial<RecordedResult> = {}) =>
    recordResult(deps, { id: uuidv7(), renewalId, result, recordedBy: 'A1', ...more });
  switch (situation) {
    case 'held':
      await holdCase(deps, { id: uuidv7(), renewalId, until: new Date(night + dayMs / 2), reason: 'abroad', by: 'S1' });
      return;
    case 'second-round':
      await record('declined', { lossReason: 'price' });
      return;
    case 'refused':
      await record('refused-contact');
      return;
    case 'call-back':
      await record('promised', { callBackAt: new Date(night + dayMs) });
      return;
    case 'quoted':
      await record('quoted');
      return;
    case 'confirmed':
      await record('confirmed');
      return;
    case 'orphan':
    case 'first-seen-late':
    case 'unanswered':
  }
}

async function untilEveryStageIsOpen({ db }: CaseDeps): Promise<void> {
  const unopened = () =>
    db.$count(renewals, sql`${renewals.stage} is null and ${renewals.nextActionAt} < business_now()`);
  await until('every case has opened its stage', async () => (await unopened()) === 0, 1_500_000);
}

/** What is due in the night is held until the morning; a hand-over has told its cases. */
export async function untilNothingMoves({ db }: CaseDeps): Promise<void> {
  await until(
    'nothing moves any more',
    async () => {
      const moving = await db.execute<{ moving: number }>(sql`select
        (select count(*) from handover_items where notified_at is null)
        + (select count(*) from contact_results where state in ('received', 'correcting'))
        + (select count(*) from messages m join renewals r on r.id = m.renewal_id where r.outcome is null
            and m.state = 'claimed')
        + (select count(*) from messages m join renewals r on r.id = m.renewal_id where r.outcome is null
            and m.state = 'planned' and m.due_at < business_now() and m.held_until is null and r.owner_id is not null
            and r.held_until is null and r.second_round_due_at is null) as moving`);
      return Number(moving.rows[0]?.moving) === 0;
    },
    600_000,
  );
}

async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How many cases stand in each stage and situation, for the report of a run. */
export async function describeBook({ db }: CaseDeps): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ what: string; cases: number }>(sql`
    select coalesce(stage, 'not opened') as what, count(*)::int as cases from renewals where outcome is null group by 1
    union all select 'held', count(*)::int from renewals where held_until is not null
    union all select 'second round', count(*)::int from renewals where second_round_due_at is not null
    union all select 'orphans', count(*)::int from renewals where orphaned_at is not null
    union all select 'refused contact', count(*)::int from renewals where refused_contact_at is not null
    union all select 'call-back promised', count(*)::int from renewals where call_back_at is not null
    union all select 'messages held by quiet hours', count(*)::int from messages where held_until is not null and state = 'planned'
    union all select 'messages too late', count(*)::int from messages where state = 'expired'`);
  return Object.fromEntries(rows.map(({ what, cases }) => [what, cases]));
}
