import { sql } from 'drizzle-orm';
import type { Calendar, Day } from '../../renewal/calendar.ts';
import { stageAt } from '../../renewal/case-plan.ts';
import { chooseFirstOwner, needsManagerInCharge } from '../../renewal/special-lines.ts';
import { readClock } from '../business-clock.ts';
import { isLeftAlone, readSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import type { JournalEntry } from '../journal/journal-records.ts';
import { fleets } from '../schema/fleets.ts';
import type { policies } from '../schema/policies.ts';
import type { renewals } from '../schema/renewals.ts';
import { assignTasks } from '../tasks/task-records.ts';

type PolicyRow = typeof policies.$inferSelect;

/** What the special lines say of a case that opens (business.md, Special lines). */
export type SpecialLines = Pick<
  typeof renewals.$inferSelect,
  'ownerId' | 'managerId' | 'fleetId' | 'callCentreSince'
> & { notes: Omit<JournalEntry, 'chain'>[] };

/** Decides who has a policy's case, who joins it and which fleet it belongs to; `notes` are for the case's journal. */
export async function takeSpecialLines(tx: Db, policy: PolicyRow, calendar: Calendar): Promise<SpecialLines> {
  const { now } = await readClock(tx);
  const { branchId, fleetNumber: number } = policy;
  const first = chooseFirstOwner(policy);
  const wanted = needsManagerInCharge(policy);
  const managerId = wanted ? await managerInCharge(tx, { branchId, today: calendar.dayOf(now) }) : undefined;
  const isCallCentres = first.kind === 'call-centre';
  return {
    ownerId: first.kind === 'owner' ? first.staffId : null,
    managerId: managerId ?? null,
    fleetId: number === null ? null : await enterFleet(tx, { branchId, number }),
    callCentreSince: isCallCentres ? new Date(now) : null,
    notes: [
      ...(wanted && !managerId ? [note('manager-in-charge-missing', 'nobody-in-the-branch-tree')] : []),
      ...(isCallCentres ? [note('handed-to-call-centre', 'telesales-born')] : []),
    ],
  };
}

function note(event: string, reason: string): Omit<JournalEntry, 'chain'> {
  return { actor: 'system', event, reason };
}

/** Gives the call centre its task of a case that is theirs from the first day; a silent preparation only moves its deadline. */
export async function assignToCallCentre(tx: Db, renewalId: string, calendar: Calendar): Promise<void> {
  const situation = await readSituation(tx, renewalId, calendar);
  if (isLeftAlone(situation)) return;
  const { plan, clock } = situation;
  const stage = stageAt(plan, clock.now) ?? plan.stages[0];
  const [occasion, dueAt] = stage ? [stage.stage, stage.endsAt] : ['opened', plan.closesAt];
  await assignTasks(tx, situation, [{ kind: 'call-centre-case', occasion, dueAt, counted: { latest: dueAt } }]);
}

/**
 * The manager in charge of a branch's key customers: its channel manager, else the one of the next branch above, else a
 * general manager; undefined when there is none.
 */
async function managerInCharge(tx: Db, { branchId, today }: { branchId: string; today: Day }) {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${branchId}
      union select b.id, b.parent_id, above.distance + 1 from branches b join above on b.id = above.parent_id
      where above.distance < 50
    )
    select s.id from staff s left join above on above.id = s.branch_id
    where s.roles && array['channel-manager', 'general-manager'] and (above.id is not null or s.branch_id is null)
      and (s.departed_on is null or s.departed_on > ${today}::date)
    order by 'channel-manager' = any(s.roles) desc, above.distance nulls last, s.id
    limit 1`);
  return rows[0]?.id;
}

/** The fleet of a branch with this number, entered now if it is new; answers its id. */
export async function enterFleet(tx: Db, { branchId, number }: { branchId: string; number: string }): Promise<string> {
  const id = fleetIdOf({ branchId, number });
  await tx
    .insert(fleets)
    .values({ id, branchId, number, openedAt: sql`business_now()` })
    .onConflictDoNothing();
  return id;
}

/** The id of a fleet. Lists allow no colon in a number, so that two fleets never share an id. */
export function fleetIdOf({ branchId, number }: { branchId: string; number: string }): string {
  return `fleet:${branchId}:${number}`;
}
